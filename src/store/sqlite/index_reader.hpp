// What readers ask index.db. Sticky failure and threads as in store_reader.
#pragma once

#include <string_view>
#include <vector>

#include "model/ids.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

class index_reader {
 public:
  explicit index_reader(connection&& on);

  [[nodiscard]] connection& on() noexcept { return on_; }
  [[nodiscard]] int failure() const noexcept { return failure_; }

  [[nodiscard]] model::event_id position();
  // Numbers of an integration's event types; of one type alone if `name` is not empty.
  [[nodiscard]] std::vector<std::int64_t> types(model::integration_no integration, std::string_view name);

  // The greatest id below `id` of its kind; 0: none.
  [[nodiscard]] std::int64_t event_of_type_below(std::int64_t type, std::int64_t id);
  // Of an event whose uid may be the one of this key.
  [[nodiscard]] std::int64_t event_of_uid_below(std::int64_t uid_key, std::int64_t id);
  [[nodiscard]] std::int64_t delivery_below(model::endpoint_id endpoint, std::int64_t id);

 private:
  bool row(statement& what);
  std::int64_t number(statement& what);

  connection on_;
  int failure_ = SQLITE_OK;
  statement position_, types_, type_, of_type_, of_uid_, of_endpoint_;
};

}  // namespace posthorn::store::sqlite
