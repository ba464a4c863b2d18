// The log of changes: who changed what, when, from where, and how it was before and after, without secrets. An entry is
// written in the transaction of the change that it tells of, so that there is neither without the other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/queries.hpp"

namespace posthorn::store {

// operations: who runs the program itself.
enum class actor_kind : std::uint8_t { admin, api_key, member, operations };
[[nodiscard]] std::string_view to_string(actor_kind value) noexcept;

struct audit_entry {
  std::int64_t id = 0;
  base::epoch_ms at = 0;  // wall time
  actor_kind actor = actor_kind::admin;
  std::string actor_id{};         // the key's or member's id; "": the kind says all
  model::company_id company = 0;  // 0: the integration's, where there is one
  std::string integration_id{};   // "": of no single one
  std::string action{};           // the route: "PATCH /v1/endpoints/{id}"; of the program: "posthorn serve"
  std::string object{};           // the id of what was changed; "": the integration itself, or several
  std::string before{}, after{};  // JSON objects; "": there was, or is, nothing, or the action says all
  std::string remote{};
  std::string request_id{};
};

// One call's entry on its way to the store.
struct audit_note {
  audit_entry entry;
  bool written = false;  // by the first of the call's changes that was committed
};

// While it lives, the changes that this thread asks of the store are on `behalf` of its caller: the first that commits
// writes the entry with it. Null: on nobody's. Ports need no parameter for it, and so none can forget it.
class acting {
 public:
  explicit acting(audit_note* behalf) noexcept;
  ~acting();
  acting(const acting&) = delete;
  acting& operator=(const acting&) = delete;

  // The calling thread's; null where there is none.
  [[nodiscard]] static audit_note* current() noexcept;

 private:
  audit_note* const outer_;
};

class audit_log {
 public:
  virtual ~audit_log() = default;

  // Writes the entry of acting::current() by itself, for an action that changed nothing in the store, or did so in a
  // transaction that knew nothing of the caller. Waits for the commit: call from a thread that may block.
  virtual base::result<void> write() = 0;
  // Newest first, paged as in store/queries.hpp. Kept for limits::audit_days_max and up to limits::audit_rows_max.
  virtual base::result<page<audit_entry>> list_changes(const log_subject& of, std::int64_t cursor,
                                                       std::size_t limit) = 0;
};

}  // namespace posthorn::store
