// The journey of a session, as a pure function: (session, what happened, now) → the session after it, the event that is
// committed with it in one transaction, or a refusal. docs/sessions.md has the whole table.
//
//   created ──accepts──▶ consented ──gives──▶ in_progress ─┐ gives
//      │ opens              │                   │  ▲       │
//      │                    │ submits           │  └───────┘
//      │                    ├───────────────────┤
//      │                    ▼                   ▼
//      │            complete  or  incomplete (required parts are missing)
//      │               │
//      │               └─ is scored ─▶ scored
//      └─ and every live state:  exits, rejects the policy ─▶ cancelled   ·   the time limit ─▶ expired
//
// Whichever comes first in the store ends the session; nothing after it does. The limit is exact: at expires_at - 1 ms
// a submit counts, at expires_at it does not, whether or not the timer has run yet: the late step itself expires the
// session. What repeats the step that ended a session (a second submit, an answer that got lost) changes nothing and is
// not refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "assessment/event_details.hpp"
#include "base/result.hpp"
#include "model/score.hpp"
#include "model/session.hpp"

namespace posthorn::assessment {

// What can happen to a session.
struct opened {};
struct policy_accepted {};
struct policy_rejected {};
// Answers or device data were given; `made` is the progress with them.
struct responded {
  model::progress made;
};
struct submitted {};
struct exited {};
// The timer's own step.
struct limit_passed {};
// The score is known. Its kind must be that of the session's platform.
struct scored {
  model::session_score score;
};
using journey_step =
    std::variant<opened, policy_accepted, policy_rejected, responded, submitted, exited, limit_passed, scored>;

enum class refusal : std::uint8_t {
  not_consented,  // the privacy policy must be accepted first
  time_over,      // the time limit has passed
  ended,          // complete, incomplete, cancelled or scored, and the step is not the one that ended it
  not_due,        // limit_passed came before the limit: set the timer again
  not_complete,   // only a complete session is scored
};

struct step_outcome {
  model::session session;             // as it is now
  bool changed = false;               // to be written; false: equal to what was given
  std::optional<journey_event> emit;  // to be accepted in the same transaction
  std::optional<refusal> refused;     // may come with a change: a step after the limit expires the session
};

[[nodiscard]] step_outcome take(const model::session& from, const journey_step& step, base::epoch_ms now);

// The reasons that events carry (contract 2.2).
inline constexpr std::string_view reason_missing_data = "Missing data";
inline constexpr std::string_view reason_missing_permissions = "Missing permissions";
inline constexpr std::string_view reason_policy_rejected = "Denied the terms and conditions";
inline constexpr std::string_view reason_exited = "Exited the assessment";

[[nodiscard]] std::string_view to_string(refusal value) noexcept;
// not_consented, time_over, session_ended, or not_acceptable_now for the timer's and the scorer's own, with a text for
// the caller that names the state the session is in.
[[nodiscard]] base::error error_of(refusal value, model::session_state state);

}  // namespace posthorn::assessment
