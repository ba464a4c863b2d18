#include "mail/endpoint_notices.hpp"

#include <algorithm>

#include "base/limits.hpp"

namespace posthorn::mail {

using model::endpoint_state;

endpoint_notices::endpoint_notices(const std::vector<store::told_notice>& before) {
  for (const store::told_notice& each : before) told_[each.endpoint] = {.state = each.state, .at = each.at};
}

std::vector<notice> endpoint_notices::look(const store::directory& now, base::epoch_ms at) {
  std::vector<notice> found;
  std::erase_if(told_, [&](const auto& each) { return !now.endpoints.contains(each.first); });
  for (const auto& [id, endpoint] : now.endpoints) {
    told& last = told_[id];
    if (endpoint->state == last.state || endpoint->state == endpoint_state::paused) continue;
    if (last.state == endpoint_state::paused && endpoint->state == endpoint_state::active) {
      last.state = endpoint_state::active;
      continue;
    }
    if (last.at != 0 && at - last.at < base::limits::notice_gap_ms) continue;
    last = {.state = endpoint->state, .at = at};
    const auto owner = now.integrations.find(endpoint->integration);
    if (owner == now.integrations.end()) continue;
    found.push_back({.company = owner->second->value.company,
                     .endpoint = id,
                     .integration_id = owner->second->value.integration_id,
                     .url = endpoint->url,
                     .state = endpoint->state,
                     .reason = endpoint->state_reason,
                     .at = at});
  }
  return found;
}

}  // namespace posthorn::mail
