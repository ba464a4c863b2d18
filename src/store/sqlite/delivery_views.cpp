#include "store/sqlite/delivery_views.hpp"

#include <algorithm>

#include "store/sqlite/targets.hpp"

namespace posthorn::store::sqlite {

using model::delivery_state;

const stored_endpoint& delivery_views::endpoint(model::endpoint_id id) {
  const auto known = endpoints_.find(id);
  return known != endpoints_.end() ? known->second : endpoints_.emplace(id, from_.endpoint(id)).first->second;
}

delivery_view delivery_views::delivery(model::delivery_id id, model::event_id event, model::endpoint_id to) {
  delivery_view made;
  made.id = id;
  made.event = event;
  made.endpoint = to;
  if (const auto row = from_.pending(id)) {
    fill_pending(made, *row);
  } else if (const auto outcome = from_.outcome(id)) {
    made.state = outcome->result;
    made.attempts = outcome->attempts;
    made.finished_at = outcome->at;
    fill_last(made, outcome->last);
  }
  return made;
}

void delivery_views::fill_pending(delivery_view& to, const stored_pending& row) {
  const stored_endpoint& at = endpoint(to.endpoint);
  to.attempts = row.attempts;
  if (at.parks()) {
    to.state = delivery_state::parked;
    to.waits_for = "endpoint " + std::string(at.deleted ? "deleted" : model::to_string(at.state));
    if (!at.deleted && at.state == model::endpoint_state::degraded) to.probe_at = at.probe_at;
  } else {
    to.state = row.tries == 0 ? delivery_state::pending : delivery_state::retrying;
    if (row.waits) to.waits_for = "order";
    if (row.due) to.next_try_at = std::max(*row.due, at.not_before);
  }
  fill_last(to, std::nullopt);
}

void delivery_views::fill_last(delivery_view& to, const std::optional<model::attempt>& last) {
  if (to.attempts == 0) return;
  const auto seen = last ? last : from_.last_attempt(to.id);
  if (!seen) return;
  to.last_status = seen->status;
  to.last_error = seen->error;
}

void delivery_views::add_attempts(delivery_view& to) {
  to.attempt_list = from_.attempts(to.id);
  if (const auto outcome = from_.outcome(to.id); outcome && outcome->last) {
    std::erase_if(to.attempt_list, [&](const model::attempt& each) { return each.number == outcome->last->number; });
    to.attempt_list.push_back(*outcome->last);
  }
  std::ranges::sort(to.attempt_list, {}, &model::attempt::number);
}

event_view delivery_views::event(const stored_event& of) {
  event_view made;
  made.id = of.id;
  made.integration = of.integration;
  made.type = of.type;
  made.uid = of.uid;
  made.accepted_at = of.accepted_at;
  made.erased = of.erased;
  made.payload_bytes = of.payload_bytes;
  for (std::size_t k = 0; k < target_count(of.targets); ++k) {
    made.deliveries.push_back(delivery(delivery_of(of.id, k), of.id, target_at(of.targets, k)));
  }
  for (const auto& [to, id] : from_.extras_of(of.id)) made.deliveries.push_back(delivery(id, of.id, to));
  made.state = state_of(made.deliveries);
  return made;
}

model::event_state state_of(const std::vector<delivery_view>& deliveries) {
  if (deliveries.empty()) return model::event_state::unrouted;
  bool all_delivered = true;
  for (const delivery_view& each : deliveries) {
    switch (each.state) {
      case delivery_state::delivered: break;
      case delivery_state::failed:
      case delivery_state::cancelled: all_delivered = false; break;
      default: return model::event_state::pending;
    }
  }
  return all_delivered ? model::event_state::delivered : model::event_state::failed;
}

}  // namespace posthorn::store::sqlite
