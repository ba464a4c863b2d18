#include "mail/endpoint_notices.hpp"

#include <algorithm>

#include "base/limits.hpp"

namespace posthorn::mail {

using model::endpoint_state;

namespace {

// Wall and engine time are apart by little; one of no known age is old.
bool is_younger_than_a_gap(const model::endpoint& of, base::epoch_ms at) noexcept {
  return of.created_at != 0 && at - of.created_at < base::limits::notice_gap_ms;
}

}  // namespace

endpoint_notices::endpoint_notices(const std::vector<store::told_notice>& before, young_notices young_before)
    : young_told_at_(std::move(young_before)) {
  for (const store::told_notice& each : before) told_[each.endpoint] = {.state = each.state, .at = each.at};
}

bool endpoint_notices::may_tell(const model::endpoint& of, const told& last, bool is_young, base::epoch_ms at) const {
  if (last.at != 0 && at - last.at < base::limits::notice_gap_ms) return false;
  const auto shared = young_told_at_.find(of.integration);
  return !is_young || shared == young_told_at_.end() || at - shared->second >= base::limits::notice_gap_ms;
}

std::vector<notice> endpoint_notices::look(const store::directory& now, base::epoch_ms at) {
  std::vector<notice> found;
  std::erase_if(told_, [&](const auto& each) { return !now.endpoints.contains(each.first); });
  std::erase_if(young_told_at_, [&](const auto& each) { return at - each.second >= base::limits::notice_gap_ms; });
  for (const auto& [id, endpoint] : now.endpoints) {
    told& last = told_[id];
    if (endpoint->state == last.state || endpoint->state == endpoint_state::paused) continue;
    if (last.state == endpoint_state::paused && endpoint->state == endpoint_state::active) {
      last.state = endpoint_state::active;
      continue;
    }
    const bool is_young = is_younger_than_a_gap(*endpoint, at);
    if (!may_tell(*endpoint, last, is_young, at)) continue;
    if (is_young) young_told_at_[endpoint->integration] = at;
    last = {.state = endpoint->state, .at = at};
    const auto owner = now.integrations.find(endpoint->integration);
    if (owner == now.integrations.end()) continue;
    found.push_back({.company = owner->second->value.company,
                     .integration = endpoint->integration,
                     .endpoint = id,
                     .is_young = is_young,
                     .integration_id = owner->second->value.integration_id,
                     .url = endpoint->url,
                     .state = endpoint->state,
                     .reason = endpoint->state_reason,
                     .at = at});
  }
  return found;
}

}  // namespace posthorn::mail
