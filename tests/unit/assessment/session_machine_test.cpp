#include "assessment/session_machine.hpp"

#include <gtest/gtest.h>

#include <string>

#include "assessment/session_start.hpp"
#include "base/limits.hpp"

namespace posthorn::assessment {
namespace {

using model::session_state;

constexpr base::epoch_ms t0 = 1'652'882'892'700;

model::session fresh() {
  model::session of;
  of.uid = "applicant-1";
  of.made = {.done = 0, .required = 3};
  return begin(of, 600, t0);
}

// Takes a step that must be taken.
model::session after(const model::session& from, const journey_step& step, base::epoch_ms now) {
  const auto outcome = take(from, step, now);
  EXPECT_TRUE(outcome.changed);
  EXPECT_FALSE(outcome.refused);
  return outcome.session;
}

TEST(SessionMachine, ASessionNeverOpenedExpiresFromItsCreation) {
  const auto outcome = take(fresh(), limit_passed{}, t0 + 7'200'000);  // noticed late: the server was down
  EXPECT_EQ(outcome.session.ended_at, t0 + 600'000);
  ASSERT_TRUE(outcome.emit);
  EXPECT_EQ(outcome.emit->details,
            R"({"application_started_at":1652882892,"application_expired_at":1652883492,"percentage_completed":"0"})");
}

TEST(SessionMachine, TheJourneyStartsWhenItIsFirstOpened) {
  auto session = after(fresh(), opened{}, t0 + 60'000);
  EXPECT_EQ(session.state, session_state::created);
  const auto again = take(session, opened{}, t0 + 120'000);
  EXPECT_FALSE(again.changed) << "a reload, a second device";
  const auto outcome = take(session, exited{}, t0 + 180'000);
  EXPECT_EQ(outcome.emit->details, R"({"application_started_at":1652882952,"application_cancelled_at":1652883072})");
  EXPECT_EQ(outcome.emit->reasons, R"(["Exited the assessment"])");
}

TEST(SessionMachine, ConsentWithoutOpeningOpens) {
  const auto session = after(fresh(), policy_accepted{}, t0 + 5'000);
  EXPECT_EQ(session.opened_at, t0 + 5'000);
  EXPECT_EQ(session.consented_at, t0 + 5'000);
}

TEST(SessionMachine, ConsentCanBeTakenBackUntilTheEnd) {
  auto session = after(fresh(), policy_accepted{}, t0 + 5'000);
  session = after(session, responded{{.done = 3, .required = 3}}, t0 + 6'000);
  const auto outcome = take(session, policy_rejected{}, t0 + 7'000);
  EXPECT_EQ(outcome.session.state, session_state::cancelled);
  EXPECT_EQ(outcome.emit->reasons, R"(["Denied the terms and conditions"])");
}

TEST(SessionMachine, TwoSubmitsEndOnce) {
  auto session = after(fresh(), policy_accepted{}, t0 + 5'000);
  session = after(session, responded{{.done = 3, .required = 3}}, t0 + 6'000);
  const auto first = take(session, submitted{}, t0 + 7'000);
  ASSERT_TRUE(first.emit);
  const auto second = take(first.session, submitted{}, t0 + 7'000);
  EXPECT_FALSE(second.changed);
  EXPECT_FALSE(second.emit);
  EXPECT_FALSE(second.refused) << "the second caller is told the outcome of the first";
  EXPECT_EQ(second.session.state, session_state::complete);
}

TEST(SessionMachine, ASubmitInTheLastMillisecondCountsAndOneAtTheLimitDoesNot) {
  auto session = after(fresh(), policy_accepted{}, t0 + 5'000);
  session = after(session, responded{{.done = 3, .required = 3}}, t0 + 6'000);
  EXPECT_EQ(take(session, submitted{}, t0 + 599'999).session.state, session_state::complete);
  const auto late = take(session, submitted{}, t0 + 600'000);
  EXPECT_EQ(late.session.state, session_state::expired);
  EXPECT_EQ(late.refused, refusal::time_over);
  EXPECT_EQ(late.emit->type, "application.expired");
  EXPECT_EQ(take(late.session, limit_passed{}, t0 + 600'001).changed, false) << "the timer finds nothing left to do";
}

TEST(SessionMachine, TheTimerAfterCompletionChangesNothing) {
  auto session = after(fresh(), policy_accepted{}, t0 + 5'000);
  session = after(session, responded{{.done = 3, .required = 3}}, t0 + 6'000);
  session = after(session, submitted{}, t0 + 7'000);
  EXPECT_FALSE(take(session, limit_passed{}, t0 + 600'000).changed);
  const auto late_score = take(session, scored{model::psychometric_score{}}, t0 + 700'000);
  EXPECT_EQ(late_score.session.state, session_state::scored) << "scoring may take longer than the limit";
}

TEST(SessionMachine, AnswersAfterTheEndAreRefusedAndNotKept) {
  auto session = after(fresh(), policy_accepted{}, t0 + 5'000);
  session = after(session, submitted{}, t0 + 7'000);
  const auto late = take(session, responded{{.done = 3, .required = 3}}, t0 + 8'000);
  EXPECT_EQ(late.refused, refusal::ended);
  EXPECT_EQ(late.session, session);
}

TEST(SessionMachine, AnEmptySubmitNamesTheConsentAsTheLastResponse) {
  const auto session = after(fresh(), policy_accepted{}, t0 + 5'000);
  const auto outcome = take(session, submitted{}, t0 + 9'000);
  EXPECT_EQ(outcome.emit->details, R"({"application_started_at":1652882897,"last_response_submitted_at":1652882897,)"
                                   R"("percentage_completed":"0"})");
  EXPECT_EQ(outcome.emit->reasons, R"(["Missing data"])");
}

TEST(SessionMachine, ReasonsTellPermissionsFromData) {
  const auto consented = after(fresh(), policy_accepted{}, t0 + 5'000);
  const auto reasons = [&](model::progress made) {
    return take(after(consented, responded{made}, t0 + 6'000), submitted{}, t0 + 7'000).emit->reasons;
  };
  EXPECT_EQ(reasons({.done = 2, .required = 3, .permissions_missing = 1}), R"(["Missing permissions"])");
  EXPECT_EQ(reasons({.done = 1, .required = 3, .permissions_missing = 1}), R"(["Missing data","Missing permissions"])");
  EXPECT_EQ(reasons({.done = 1, .required = 3}), R"(["Missing data"])");
  EXPECT_EQ(reasons({.done = 3, .required = 3}), "");
}

TEST(SessionMachine, EveryRefusalHasAFaultAndATextThatNamesTheState) {
  using base::fault;
  const auto code = [](refusal why) { return error_of(why, session_state::created).code; };
  EXPECT_EQ(code(refusal::not_consented), fault::not_consented);
  EXPECT_EQ(code(refusal::time_over), fault::time_over);
  EXPECT_EQ(code(refusal::ended), fault::session_ended);
  EXPECT_EQ(code(refusal::not_due), fault::not_acceptable_now);
  EXPECT_EQ(code(refusal::not_complete), fault::not_acceptable_now);
  EXPECT_EQ(error_of(refusal::ended, session_state::cancelled).detail,
            "the session has ended and is cancelled; it takes nothing more");
  for (const auto why :
       {refusal::not_consented, refusal::time_over, refusal::ended, refusal::not_due, refusal::not_complete}) {
    const auto error = error_of(why, session_state::created);
    EXPECT_FALSE(error.detail.empty()) << to_string(why);
  }
}

// Contract 2.5: a uid is used once per assessment.
TEST(SessionStart, ALiveSessionAnswersAgainAndAnEndedOneIsRefused) {
  EXPECT_EQ(admit({}, t0), admission::create);
  EXPECT_EQ(admit(fresh(), t0 + 599'999), admission::resume);
  EXPECT_EQ(admit(fresh(), t0 + 600'000), admission::refuse) << "past its limit, though nothing has noticed yet";
  for (const auto state : {session_state::complete, session_state::incomplete, session_state::cancelled,
                           session_state::expired, session_state::scored}) {
    auto ended = fresh();
    ended.state = state;
    EXPECT_EQ(admit(ended, t0), admission::refuse) << model::to_string(state);
  }
}

// Contract 2.8: regenerate starts again only what ended uncompleted.
TEST(SessionStart, OnlyWhatEndedUncompletedBeginsAgain) {
  auto session = fresh();
  EXPECT_FALSE(may_begin_again(session, t0 + 599'999));
  EXPECT_TRUE(may_begin_again(session, t0 + 600'000));
  for (const auto state : {session_state::incomplete, session_state::cancelled, session_state::expired}) {
    session.state = state;
    EXPECT_TRUE(may_begin_again(session, t0)) << model::to_string(state);
  }
  for (const auto state : {session_state::complete, session_state::scored}) {
    session.state = state;
    EXPECT_FALSE(may_begin_again(session, t0)) << model::to_string(state);
  }
}

TEST(SessionStart, TheLongestLimitIsExact) {
  const auto session = begin({}, base::limits::session_limit_s_max, t0);
  EXPECT_EQ(session.expires_at - session.created_at, 36'000'000'000);
}

}  // namespace
}  // namespace posthorn::assessment
