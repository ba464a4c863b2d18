#include "assessment/session_machine.hpp"

#include <fmt/format.h>

#include <utility>

#include "model/names.hpp"

namespace posthorn::assessment {
namespace {

using model::is_live;
using model::session;
using model::session_state;

constexpr model::names refusals({"not_consented", "time_over", "ended", "not_due", "not_complete"});

step_outcome unchanged(const session& now) { return {now, false, {}, {}}; }
step_outcome refuse(const session& now, refusal why) { return {now, false, {}, why}; }
step_outcome changed(session now, std::optional<journey_event> emit = {}) {
  return {std::move(now), true, std::move(emit), {}};
}

step_outcome expire(session from) {
  from.state = session_state::expired;
  from.ended_at = from.expires_at;
  journey_event event = expired_event(from);
  return changed(std::move(from), std::move(event));
}

step_outcome cancel(session from, std::string_view reason, base::epoch_ms now) {
  from.state = session_state::cancelled;
  from.ended_at = now;
  from.end_reasons.assign(1, std::string(reason));
  journey_event event = cancelled_event(from);
  return changed(std::move(from), std::move(event));
}

// A step on a session that is live and within its limit.
class live_step {
 public:
  live_step(const session& from, base::epoch_ms now) : from_(from), now_(now) {}

  step_outcome operator()(const opened&) const {
    if (from_.opened_at != 0) return unchanged(from_);
    session next = from_;
    next.opened_at = now_;
    return changed(std::move(next));
  }

  step_outcome operator()(const policy_accepted&) const {
    if (from_.state != session_state::created) return unchanged(from_);
    session next = from_;
    next.state = session_state::consented;
    next.consented_at = now_;
    if (next.opened_at == 0) next.opened_at = now_;
    return changed(std::move(next));
  }

  step_outcome operator()(const policy_rejected&) const { return cancel(from_, reason_policy_rejected, now_); }
  step_outcome operator()(const exited&) const { return cancel(from_, reason_exited, now_); }

  step_outcome operator()(const responded& given) const {
    if (from_.state == session_state::created) return refuse(from_, refusal::not_consented);
    session next = from_;
    next.state = session_state::in_progress;
    if (next.first_response_at == 0) next.first_response_at = now_;
    next.last_response_at = now_;
    next.made = given.made;
    return changed(std::move(next));
  }

  step_outcome operator()(const submitted&) const {
    if (from_.state == session_state::created) return refuse(from_, refusal::not_consented);
    session next = from_;
    next.ended_at = now_;
    const model::progress& made = next.made;
    if (made.done + made.permissions_missing < made.required) next.end_reasons.emplace_back(reason_missing_data);
    if (made.permissions_missing > 0) next.end_reasons.emplace_back(reason_missing_permissions);
    const bool whole = next.end_reasons.empty();
    next.state = whole ? session_state::complete : session_state::incomplete;
    journey_event event = whole ? complete_event(next) : incomplete_event(next);
    return changed(std::move(next), std::move(event));
  }

  step_outcome operator()(const limit_passed&) const { return refuse(from_, refusal::not_due); }
  step_outcome operator()(const scored&) const { return refuse(from_, refusal::not_complete); }

 private:
  const session& from_;
  const base::epoch_ms now_;
};

// A step on a session that has ended.
class late_step {
 public:
  late_step(const session& from, base::epoch_ms now) : from_(from), now_(now) {}

  step_outcome operator()(const opened&) const { return unchanged(from_); }  // to be shown how it ended
  step_outcome operator()(const limit_passed&) const { return unchanged(from_); }
  step_outcome operator()(const policy_accepted&) const { return over(); }
  step_outcome operator()(const responded&) const { return over(); }
  step_outcome operator()(const policy_rejected&) const { return ended_by(session_state::cancelled); }
  step_outcome operator()(const exited&) const { return ended_by(session_state::cancelled); }

  step_outcome operator()(const submitted&) const {
    const bool was_submitted = from_.state == session_state::complete || from_.state == session_state::incomplete ||
                               from_.state == session_state::scored;
    return was_submitted ? unchanged(from_) : over();
  }

  step_outcome operator()(const scored& result) const {
    if (from_.state == session_state::scored) return unchanged(from_);
    if (from_.state != session_state::complete) return refuse(from_, refusal::not_complete);
    session next = from_;
    next.state = session_state::scored;
    next.scored_at = now_;
    journey_event event = score_event(next, result.score);
    return changed(std::move(next), std::move(event));
  }

 private:
  step_outcome over() const {
    return refuse(from_, from_.state == session_state::expired ? refusal::time_over : refusal::ended);
  }
  step_outcome ended_by(session_state end) const { return from_.state == end ? unchanged(from_) : over(); }

  const session& from_;
  const base::epoch_ms now_;
};

}  // namespace

step_outcome take(const session& from, const journey_step& step, base::epoch_ms now) {
  if (!is_live(from.state)) return std::visit(late_step(from, now), step);
  if (now < from.expires_at) return std::visit(live_step(from, now), step);
  step_outcome outcome = expire(from);
  outcome.refused = std::visit(late_step(outcome.session, now), step).refused;
  return outcome;
}

std::string_view to_string(refusal value) noexcept { return refusals.of(value); }

base::error error_of(refusal value, session_state state) {
  using base::error;
  using base::fault;
  const std::string_view name = model::to_string(state);
  switch (value) {
    case refusal::not_consented:
      return error{fault::not_consented, "the privacy policy has not been accepted: accept it first", {}, {}};
    case refusal::time_over:
      return error{fault::time_over, "the session's time limit has passed; nothing can be given any more", {}, {}};
    case refusal::ended:
      return error{
          fault::session_ended, fmt::format("the session has ended and is {}; it takes nothing more", name), {}, {}};
    case refusal::not_due:
      return error{fault::not_acceptable_now, fmt::format("the session is {} and within its time limit", name), {}, {}};
    case refusal::not_complete: break;
  }
  return error{
      fault::not_acceptable_now, fmt::format("the session is {}; only a complete one is scored", name), {}, {}};
}

}  // namespace posthorn::assessment
