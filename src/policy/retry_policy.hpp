// What a finished attempt means for its delivery and its lane (contract section 3). Pure: time and chance come in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "model/delivery.hpp"
#include "model/endpoint.hpp"

namespace posthorn::policy {

[[nodiscard]] bool is_success(model::success_rule rule, int status) noexcept;

// Of a failed attempt: may another one help?
enum class failure_kind : std::uint8_t {
  retryable,
  final,           // the receiver has refused for good
  final_disabling  // and wants nothing more of this endpoint: 410 under `status`
};

// `status` 0 or an error: timeouts and connection faults, refused addresses and unusable settings included, are
// retryable under either rule, as the cause may go away. Under any_failure every status is.
[[nodiscard]] failure_kind classify_failure(model::retry_on rule, int status, model::error_class error) noexcept;

// When try number `tries_made` + 1 is due, given that `tries_made` (≥ 1) were made; nullopt: the schedule is used up.
// `chance` in [0, 1) adds up to 20 % of the wait, so a try is never early.
[[nodiscard]] std::optional<base::epoch_ms> next_due(const model::retry_setting& retry, int tries_made,
                                                     base::epoch_ms now, double chance) noexcept;

// Retry-After (RFC 9110 section 10.2.3) as milliseconds from the answer, bounded by limits::retry_after_s_max; a date
// is read against the answer's own Date, so that a receiver's wrong clock does no harm. nullopt: absent or unreadable.
[[nodiscard]] std::optional<base::epoch_ms> retry_after_ms(std::optional<std::string_view> retry_after,
                                                           std::optional<std::string_view> date) noexcept;
// IMF-fixdate only, which is what senders must generate.
[[nodiscard]] std::optional<base::epoch_ms> parse_http_date(std::string_view text) noexcept;

}  // namespace posthorn::policy
