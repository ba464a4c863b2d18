// The event-type catalogue as rows. The semantics are config_store's (store/config_store.hpp).
// Writer thread, inside a transaction, one object a change: on an error the caller rolls back.
#pragma once

#include <string_view>

#include "store/config_store.hpp"
#include "store/directory.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

class event_type_table {
 public:
  // `now` is wall time. `on` outlives the object.
  event_type_table(connection& on, base::epoch_ms now) noexcept : on_(on), now_(now) {}

  // not_found.
  base::result<model::event_type> find(model::company_id company, std::string_view name);
  // `id` is used if the type is new.
  base::result<model::event_type> put(std::int64_t id, model::event_type wanted);
  base::result<void> erase(model::company_id company, std::string_view name);

 private:
  base::result<void> check_room(model::company_id company);

  connection& on_;
  base::epoch_ms now_;
};

// Every company's catalogue; the types that `before` (null: none) has in their present version are taken from there.
[[nodiscard]] base::result<event_type_catalogues> load_event_types(connection& on, const event_type_catalogues* before);

}  // namespace posthorn::store::sqlite
