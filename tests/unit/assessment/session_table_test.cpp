// Contract 2.2 and 2.5: every state × every step × before, at and after the limit has exactly the outcome of this
// table.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "assessment/session_machine.hpp"

namespace posthorn::assessment {
namespace {

using model::session_state;

constexpr base::epoch_ms created_at = 1'700'000'000'250;
constexpr base::epoch_ms limit = created_at + 600'000;

constexpr std::array states{session_state::created,  session_state::consented,  session_state::in_progress,
                            session_state::complete, session_state::incomplete, session_state::cancelled,
                            session_state::expired,  session_state::scored};

constexpr std::array step_names{"opened",    "policy_accepted", "policy_rejected", "responded",
                                "submitted", "exited",          "limit_passed",    "scored"};

journey_step step_at(std::size_t place) {
  const std::array<journey_step, 8> steps{
      opened{},    policy_accepted{}, policy_rejected{}, responded{{.done = 2, .required = 3}},
      submitted{}, exited{},          limit_passed{},    scored{model::psychometric_score{}}};
  return steps.at(place);
}

model::session session_in(session_state state) {
  model::session made;
  made.uid = "applicant-1";
  made.state = state;
  made.created_at = created_at;
  made.expires_at = limit;
  made.opened_at = created_at + 1'000;
  made.made = {.done = 1, .required = 3};
  if (state == session_state::created) return made;
  made.consented_at = created_at + 2'000;
  if (state == session_state::consented) return made;
  made.last_response_at = created_at + 3'000;
  if (state == session_state::in_progress) return made;
  made.ended_at = state == session_state::expired ? limit : created_at + 4'000;
  if (state == session_state::scored) made.scored_at = created_at + 5'000;
  return made;
}

// "-": nothing changes. "state": changes to it (or stays, with new facts). "+type": emits. "!why": is refused.
std::string outcome_text(session_state state, std::size_t step, base::epoch_ms now) {
  const model::session from = session_in(state);
  const step_outcome outcome = take(from, step_at(step), now);
  EXPECT_EQ(outcome.changed, outcome.session != from) << "changed says whether there is something to write";
  EXPECT_TRUE(outcome.changed || !outcome.emit) << "no event without a change";
  std::string text = outcome.changed ? std::string(model::to_string(outcome.session.state)) : "-";
  if (outcome.emit) text += " +" + outcome.emit->type;
  if (outcome.refused) text += " !" + std::string(to_string(*outcome.refused));
  return text;
}

using row = std::array<const char*, 8>;

void expect_rows(const std::array<row, 8>& table, base::epoch_ms now) {
  for (std::size_t state = 0; state < states.size(); ++state) {
    for (std::size_t step = 0; step < step_names.size(); ++step) {
      EXPECT_EQ(outcome_text(states[state], step, now), table[state][step])
          << model::to_string(states[state]) << " × " << step_names[step] << " at " << now - limit;
    }
  }
}

constexpr const char* cancelled = "cancelled +application.cancelled";
constexpr const char* incomplete = "incomplete +application.incomplete";
constexpr const char* expired = "expired +application.expired";
constexpr const char* too_late = "expired +application.expired !time_over";

// The rows of states that have ended are the same at any time.
constexpr row of_complete{"-", "- !ended", "- !ended", "- !ended",
                          "-", "- !ended", "-",        "scored +psychometric_score.complete"};
constexpr row of_incomplete{"-", "- !ended", "- !ended", "- !ended", "-", "- !ended", "-", "- !not_complete"};
constexpr row of_cancelled{"-", "- !ended", "-", "- !ended", "- !ended", "-", "-", "- !not_complete"};
constexpr row of_expired{"-", "- !time_over",   "- !time_over", "- !time_over", "- !time_over", "- !time_over",
                         "-", "- !not_complete"};
constexpr row of_scored{"-", "- !ended", "- !ended", "- !ended", "-", "- !ended", "-", "-"};

TEST(SessionTable, WithinTheLimit) {
  const std::array<row, 8> table{{
      {"-", "consented", cancelled, "- !not_consented", "- !not_consented", cancelled, "- !not_due", "- !not_complete"},
      {"-", "-", cancelled, "in_progress", incomplete, cancelled, "- !not_due", "- !not_complete"},
      {"-", "-", cancelled, "in_progress", incomplete, cancelled, "- !not_due", "- !not_complete"},
      of_complete,
      of_incomplete,
      of_cancelled,
      of_expired,
      of_scored,
  }};
  expect_rows(table, limit - 100'000);
  expect_rows(table, limit - 1);
}

TEST(SessionTable, AtTheLimitAndAfterIt) {
  const row live{expired,  too_late, too_late, too_late,
                 too_late, too_late, expired,  "expired +application.expired !not_complete"};
  const std::array<row, 8> table{{live, live, live, of_complete, of_incomplete, of_cancelled, of_expired, of_scored}};
  expect_rows(table, limit);
  expect_rows(table, limit + 1);
  expect_rows(table, limit + 86'400'000);
}

TEST(SessionTable, ASubmitWithAllThatIsRequiredCompletes) {
  for (const session_state state : {session_state::consented, session_state::in_progress}) {
    model::session from = session_in(state);
    from.made = {.done = 3, .required = 3};
    const auto outcome = take(from, submitted{}, limit - 1);
    EXPECT_EQ(outcome.session.state, session_state::complete);
    ASSERT_TRUE(outcome.emit);
    EXPECT_EQ(outcome.emit->type, "application.complete");
    EXPECT_EQ(outcome.emit->reasons, "") << "contract 2.1: reasons on incomplete and cancelled only";
  }
}

TEST(SessionTable, NothingThatHasEndedEverLivesAgain) {
  for (const session_state state : states) {
    if (model::is_live(state)) continue;
    for (std::size_t step = 0; step < step_names.size(); ++step) {
      for (const base::epoch_ms now : {limit - 1, limit, limit + 1}) {
        const auto outcome = take(session_in(state), step_at(step), now);
        const bool is_scored_now = state == session_state::complete && outcome.session.state == session_state::scored;
        EXPECT_TRUE(outcome.session.state == state || is_scored_now);
        EXPECT_EQ(outcome.session.ended_at, session_in(state).ended_at);
      }
    }
  }
}

}  // namespace
}  // namespace posthorn::assessment
