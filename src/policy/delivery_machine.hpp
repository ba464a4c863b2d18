// The life of a delivery as a pure function of its state and what happened (contract section 1 and 3).
//
//                      ┌────────────── parked ◀──────────┐ endpoint not active
//                      │ endpoint active                 │
//   accepted ─▶ pending┴─▶ attempt ─▶ delivered      (pending, retrying)
//                  ▲          │  └──▶ failed ──┐
//          manual  │          ▼                │ manual retry: a new generation (of a delivered one: only a replay)
//          retry   └──── retrying ◀────────────┘
//   cancel: pending, retrying, parked ─▶ cancelled; on the wire a delivered result still wins.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "model/delivery.hpp"
#include "model/endpoint.hpp"

namespace posthorn::policy {

// One finished attempt, as far as the decision needs it.
struct attempt_facts {
  int status = 0;
  model::error_class error = model::error_class::none;
  int tries_made = 0;                         // in this generation, this one included
  std::optional<base::epoch_ms> retry_after;  // from the answer, milliseconds; see retry_after_ms
};

enum class attempt_end : std::uint8_t { delivered, retry, failed };

struct attempt_decision {
  attempt_end end = attempt_end::delivered;
  base::epoch_ms due = 0;               // for retry: max(schedule, Retry-After)
  base::epoch_ms lane_rests_until = 0;  // 429 and 503 with Retry-After: the whole lane; 0: it does not rest
  std::string disable_reason;           // non-empty: disable the endpoint
};

// `now` engine time, `chance` in [0, 1).
[[nodiscard]] attempt_decision decide(const model::endpoint& to, const attempt_facts& facts, base::epoch_ms now,
                                      double chance);

enum class delivery_event : std::uint8_t {
  attempt_delivered,
  attempt_failed_retryable,  // tries are left
  attempt_failed_finally,    // refused for good, or tries used up
  endpoint_stopped,          // paused, degraded, disabled
  endpoint_started,
  manual_retry,
  replay,  // a manual retry of what may have arrived, too
  cancel,
};

// The state after `event`, given the tries made before it in this generation; nullopt: refused in that state.
[[nodiscard]] std::optional<model::delivery_state> next_state(model::delivery_state state, delivery_event event,
                                                              int tries_made) noexcept;

}  // namespace posthorn::policy
