// Puts deliveries and events together as people see them. The state of a delivery: its pending row wins, else its
// outcome, else it is in a lane.
#pragma once

#include <optional>
#include <unordered_map>

#include "store/queries.hpp"
#include "store/sqlite/store_reader.hpp"

namespace posthorn::store::sqlite {

class delivery_views {
 public:
  explicit delivery_views(store_reader& from) : from_(from) {}

  [[nodiscard]] delivery_view delivery(model::delivery_id id, model::event_id event, model::endpoint_id endpoint);
  // All attempts, the outcome's among them, by number.
  void add_attempts(delivery_view& to);
  // With its deliveries, without attempts.
  [[nodiscard]] event_view event(const stored_event& of);

 private:
  void fill_pending(delivery_view& to, const stored_pending& row);
  void fill_last(delivery_view& to, const std::optional<model::attempt>& last);
  const stored_endpoint& endpoint(model::endpoint_id id);

  store_reader& from_;
  std::unordered_map<model::endpoint_id, stored_endpoint> endpoints_;
};

// Of an event with these deliveries.
[[nodiscard]] model::event_state state_of(const std::vector<delivery_view>& deliveries);

}  // namespace posthorn::store::sqlite
