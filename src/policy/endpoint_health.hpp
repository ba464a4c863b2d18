// When an endpoint is left alone, tried again, and given up (contract section 3: degraded, disabled). Pure.
//
//            failures of several deliveries, and too large a share
//   closed ───────────────────────────────────────────────────────▶ open ◀─┐ a probe fails: the next one
//      ▲                                                             │ │   │ after twice the time
//      └──────────────────────── a probe succeeds ───────────────────┘ └───┘
//   either: an attempt fails, and nothing but failure for disable_after_s ─▶ disabled
#pragma once

#include <cstdint>

#include "base/clock.hpp"
#include "model/endpoint.hpp"

namespace posthorn::policy {

// The attempts of the last window_s under the endpoint's present state.
struct window_counts {
  std::int64_t attempts = 0;
  std::int64_t failures = 0;            // of them
  std::int32_t failing_deliveries = 0;  // different ones; counted up to limits::breaker_deliveries_min
};

[[nodiscard]] bool breaker_opens(const model::health_setting& setting, const window_counts& window) noexcept;

// `probes_failed` since the breaker opened. `chance` in [0, 1) adds up to 20 % of the gap, so that endpoints that
// failed together are not probed together.
[[nodiscard]] base::epoch_ms next_probe_at(int probes_failed, base::epoch_ms now, double chance) noexcept;

// `failing_since` 0: it has not failed before.
[[nodiscard]] bool failing_too_long(const model::health_setting& setting, base::epoch_ms failing_since,
                                    base::epoch_ms now) noexcept;

// One finished attempt, as far as the endpoint's health goes. Times are engine time.
struct health_facts {
  bool success = false;
  bool probe = false;                // made while the breaker was open
  window_counts window{};            // this attempt included; not read of a probe or a success
  std::int32_t probes_failed = 0;    // before this one
  base::epoch_ms failing_since = 0;  // before this attempt; 0: it was not failing
};

struct health_decision {
  model::health_change change = model::health_change::none;
  base::epoch_ms probe_at = 0;  // of open and stay_open
};

[[nodiscard]] health_decision decide_health(const model::health_setting& setting, const health_facts& facts,
                                            base::epoch_ms now, double chance) noexcept;

}  // namespace posthorn::policy
