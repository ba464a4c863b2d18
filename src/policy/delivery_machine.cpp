#include "policy/delivery_machine.hpp"

#include <algorithm>

#include "policy/retry_policy.hpp"

namespace posthorn::policy {

attempt_decision decide(const model::endpoint& to, const attempt_facts& facts, base::epoch_ms now, double chance) {
  attempt_decision decision;
  // A broken exchange is no success, even if a good status had been read before it broke.
  if (facts.error == model::error_class::none && is_success(to.success, facts.status)) return decision;

  const bool asks_to_wait = (facts.status == 429 || facts.status == 503) && facts.retry_after && *facts.retry_after > 0;
  if (asks_to_wait) decision.lane_rests_until = now + *facts.retry_after;

  const failure_kind kind = classify_failure(to.retry.on, facts.status, facts.error);
  const auto due = next_due(to.retry, facts.tries_made, now, chance);
  if (kind == failure_kind::retryable && due) {
    decision.end = attempt_end::retry;
    decision.due = std::max(*due, decision.lane_rests_until);
    return decision;
  }
  decision.end = attempt_end::failed;
  if (kind == failure_kind::final_disabling) decision.disable_reason = "the receiver answered 410 Gone";
  return decision;
}

std::optional<model::delivery_state> next_state(model::delivery_state state, delivery_event event,
                                                int tries_made) noexcept {
  using enum model::delivery_state;
  const auto waiting = tries_made == 0 ? pending : retrying;
  const bool open = state == pending || state == retrying || state == parked;
  switch (event) {
    case delivery_event::attempt_delivered: return open ? std::optional(delivered) : std::nullopt;
    case delivery_event::attempt_failed_finally: return open ? std::optional(failed) : std::nullopt;
    case delivery_event::attempt_failed_retryable:
      // An attempt that was on the wire when its endpoint stopped leaves the delivery parked.
      if (state == parked) return parked;
      return open ? std::optional(retrying) : std::nullopt;
    case delivery_event::endpoint_stopped: return open ? std::optional(parked) : std::optional(state);
    case delivery_event::endpoint_started: return state == parked ? std::optional(waiting) : std::optional(state);
    case delivery_event::manual_retry:
      if (state == failed || state == cancelled) return pending;
      return open ? std::optional(state) : std::nullopt;
    case delivery_event::replay: return open ? std::optional(state) : std::optional(pending);
    case delivery_event::cancel: return open ? std::optional(cancelled) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace posthorn::policy
