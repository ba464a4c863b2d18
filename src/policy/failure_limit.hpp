// How many failed authentications one caller may have: a budget that every failure takes from and time gives back
// (a generic cell rate: one number says it all). Pure.
#pragma once

#include <cstdint>

#include "base/clock.hpp"

namespace posthorn::policy {

struct failure_rule {
  std::int64_t burst = 0;        // failures at once, from a caller that had none
  std::int64_t one_more_ms = 0;  // after which one more is allowed
};

struct failure_budget {
  base::epoch_ms whole_again_at = 0;  // when all failures so far are forgotten; in the past: none count
};

// How long until the caller may fail once more; 0: it may now.
[[nodiscard]] std::int64_t failure_wait_ms(const failure_rule& rule, failure_budget budget,
                                           base::epoch_ms now) noexcept;

// The budget after one more failure at `now`. One that had to wait is not counted: it would make the wait endless.
[[nodiscard]] failure_budget after_failure(const failure_rule& rule, failure_budget budget,
                                           base::epoch_ms now) noexcept;

}  // namespace posthorn::policy
