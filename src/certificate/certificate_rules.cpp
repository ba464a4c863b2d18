#include "certificate/certificate_rules.hpp"

#include <algorithm>

namespace posthorn::certificate {
namespace {

using model::certificate_state;

constexpr base::epoch_ms day_ms = 24LL * 3600 * 1000;

}  // namespace

base::epoch_ms end_of_validity(base::epoch_ms from, std::int32_t validity_days) noexcept {
  return validity_days == 0 ? 0 : from + validity_days * day_ms;
}

model::certificate award(const model::certificate_rule& rule, std::string_view user, std::string_view owner,
                         base::epoch_ms now) {
  model::certificate made;
  made.integration = rule.integration;
  made.rule = rule.id;
  made.user = user;
  made.owner = owner.empty() ? rule.owner : std::string(owner);
  made.name = rule.name;
  made.description = rule.description;
  made.validity_days = rule.validity_days;
  made.lessons = rule.lessons;
  made.awarded_at = made.certified_at = made.updated_at = now;
  made.expires_at = end_of_validity(now, rule.validity_days);
  return made;
}

base::result<model::certificate> renew(model::certificate one, const model::certificate_rule* rule,
                                       base::epoch_ms now) {
  if (one.state == certificate_state::revoked) {
    return base::fail(base::fault::not_acceptable_now, "this certificate was revoked: award a new one");
  }
  if (rule != nullptr) {
    one.name = rule->name;
    one.description = rule->description;
    one.validity_days = rule->validity_days;
    one.lessons = rule->lessons;
  }
  one.state = certificate_state::valid;
  one.expires_at = end_of_validity(now, one.validity_days);
  one.certified_at = one.updated_at = now;
  ++one.revision;
  return one;
}

base::result<model::certificate> revoke(model::certificate one, base::epoch_ms now) {
  if (one.state == certificate_state::revoked) {
    return base::fail(base::fault::not_acceptable_now, "this certificate is revoked already");
  }
  one.state = certificate_state::revoked;
  one.updated_at = now;
  ++one.revision;
  return one;
}

model::certificate expire(model::certificate one, base::epoch_ms now) {
  one.state = certificate_state::expired;
  one.updated_at = now;
  return one;
}

bool is_earned(std::span<const base::epoch_ms> completed_at, base::epoch_ms since) noexcept {
  return !completed_at.empty() && std::ranges::all_of(completed_at, [since](base::epoch_ms at) { return at > since; });
}

}  // namespace posthorn::certificate
