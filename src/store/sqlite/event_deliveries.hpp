// All deliveries that an event owes or owed: its frozen targets and its replays to later endpoints.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "model/ids.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

struct event_deliveries {
  model::event_id event = 0;
  model::integration_no integration = 0;
  base::epoch_ms accepted_at = 0;
  std::string uid;
  std::vector<std::pair<model::endpoint_id, model::delivery_id>> list;
};

// Thread: the connection's.
class delivery_lister {
 public:
  explicit delivery_lister(connection& on);

  // nullopt: there is no such event.
  base::result<std::optional<event_deliveries>> find(model::event_id id);
  // Each delivery has an outcome, none a pending row.
  base::result<bool> finished(const event_deliveries& of);

 private:
  connection& on_;
  statement event_, extras_, finished_;
};

}  // namespace posthorn::store::sqlite
