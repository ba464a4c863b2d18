// What awarding, renewing, revoking and the passing of time do to a certificate. Pure: times and ids come in.
#pragma once

#include <span>
#include <string>

#include "base/result.hpp"
#include "model/certificate.hpp"

namespace posthorn::certificate {

// When what is certified at `from` ends; 0: never.
[[nodiscard]] base::epoch_ms end_of_validity(base::epoch_ms from, std::int32_t validity_days) noexcept;

// A new certificate by `rule`, number and id unset.
[[nodiscard]] model::certificate award(const model::certificate_rule& rule, std::string_view user,
                                       std::string_view owner, base::epoch_ms now);

// Valid again for the rule's validity from `now`, by what the rule says now; `rule` null: it is gone, so by what it
// said then. not_acceptable_now: revoked.
[[nodiscard]] base::result<model::certificate> renew(model::certificate one, const model::certificate_rule* rule,
                                                     base::epoch_ms now);
// not_acceptable_now: revoked already.
[[nodiscard]] base::result<model::certificate> revoke(model::certificate one, base::epoch_ms now);
// Of one whose time is over.
[[nodiscard]] model::certificate expire(model::certificate one, base::epoch_ms now);

// Are all lessons done? `completed_at` in the rule's order, 0 for never; only what was completed after `since` counts
// (the award or renewal before: a certificate is earned anew with every lesson).
[[nodiscard]] bool is_earned(std::span<const base::epoch_ms> completed_at, base::epoch_ms since) noexcept;

}  // namespace posthorn::certificate
