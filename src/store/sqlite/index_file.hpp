// index.db: what lists and look-ups need beyond posthorn.db's own order. All of it can be made again from posthorn.db:
// a damaged, missing, foreign or older file is deleted and rebuilt.
//   ev_type(type, id)              an integration's events by type; `type` names one (integration, type) pair
//   ev_uid(segment, uid_key, id)   its events by uid. Keys are random, so they go into segments by age: only the newest
//                                  one, which fits in memory, is written to
//   dlv_endpoint(endpoint, dlv)    deliveries by endpoint, replays included; for no_endpoint the events without targets
//   idem_key(segment, key, id)     keyed requests by the first 8 bytes of their key
// meta('position'): everything in posthorn.db with an id up to it is in here, by the same transaction.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/ids.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

// Stands for an endpoint in dlv_endpoint: the ids beside it are of events that were accepted for none.
inline constexpr model::endpoint_id no_endpoint = 0;

// What ev_uid holds for a uid. Events found by it are checked against the uid's text: keys may collide.
[[nodiscard]] std::int64_t uid_key(model::integration_no integration, std::string_view uid) noexcept;
// What idem_key holds for a key of 16 bytes.
[[nodiscard]] std::int64_t idempotency_key_prefix(std::string_view key) noexcept;

// For its one writer. Deletes and makes the file anew unless it is a whole index of the store named `store_id`.
base::result<connection> open_index(const std::string& path, std::string_view store_id);
// Deletes the file and what SQLite keeps beside it. No connection of this thread may be open on it.
void remove_index(const std::string& path);
// For readers: an error if there is no usable index.
base::result<connection> open_index_reader(const std::string& path);

}  // namespace posthorn::store::sqlite
