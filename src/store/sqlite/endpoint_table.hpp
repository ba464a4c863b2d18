// Endpoints as rows, their secrets sealed. The semantics are config_store's (store/config_store.hpp).
// Writer thread, inside a transaction, one object a change: on an error the caller rolls back.
#pragma once

#include <string_view>

#include "store/config_store.hpp"
#include "store/secret_box.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

class endpoint_table {
 public:
  // `now` is wall time. All references must outlive the object.
  endpoint_table(connection& on, const secret_box& secrets, base::epoch_ms now)
      : on_(on), secrets_(secrets), now_(now) {}

  base::result<model::endpoint> create(model::endpoint_id id, model::endpoint wanted);
  base::result<model::endpoint> update(model::endpoint_id id, const config_store::endpoint_change& change);
  base::result<model::endpoint> set_state(model::endpoint_id id, model::endpoint_state state, std::string reason);
  // The tombstone alone; cancelling what is pending is the caller's.
  base::result<void> bury(model::endpoint_id id);

  [[nodiscard]] base::result<model::endpoint> find(model::endpoint_id id);

 private:
  base::result<void> check_room(model::integration_no integration);

  connection& on_;
  const secret_box& secrets_;
  base::epoch_ms now_;
};

}  // namespace posthorn::store::sqlite
