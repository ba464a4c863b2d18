// Seed 004's guide, section by section (contract 2.10).
#include "diagnose/checklist.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace posthorn::diagnose {
namespace {

using model::delivery_state;
using model::endpoint_state;
using model::session_state;

constexpr base::epoch_ms now = 1'800'000'000'000;

class Checklist : public testing::Test {
 protected:
  Checklist() {
    here_->value.integration_id = "11111111111111111111";
    there_->value.env = model::environment::production;
    known_.of = here_;
    known_.sibling = there_;
    known_.backlog = backlog_;
  }

  model::endpoint& add_endpoint(const std::shared_ptr<store::integration_entry>& to) {
    auto made = std::make_shared<model::endpoint>(model::endpoint_from_preset(model::preset::assessment));
    made->id = 7;
    made->url = "https://receiver.example/hook";
    to->endpoints.push_back(made);
    return *made;
  }
  store::session_record& add_session(session_state state) {
    store::session_record& made = known_.sessions.emplace_back();
    made.value.uid = known_.uid;
    made.value.created_at = now;
    made.value.state = state;
    return made;
  }
  void add_refusal(int status, base::epoch_ms at = now + 1, const char* route = "/v1/sessions-management/tokens") {
    store::request_log_entry& made = known_.refusals.emplace_back();
    made.at = at;
    made.route = route;
    made.status = status;
  }
  store::delivery_view& add_delivery(delivery_state state, std::int32_t status, model::error_class error = {}) {
    store::event_view& event = known_.events.emplace_back();
    event.state = model::event_state::pending;
    store::delivery_view& made = event.deliveries.emplace_back();
    made.id = 9;
    made.state = state;
    made.attempts = 1;
    model::attempt last;
    last.number = 1;
    last.at = now;
    last.status = status;
    last.error = error;
    made.attempt_list.push_back(last);
    return made;
  }
  // The one check whose title contains `words`.
  check find(std::string_view words) {
    const std::vector<check> all = run_checklist(known_);
    const auto found = std::ranges::find_if(all, [&](const check& each) { return each.title.contains(words); });
    EXPECT_NE(found, all.end()) << words;
    return found == all.end() ? check{} : *found;
  }
  bool has(std::string_view words) {
    return std::ranges::any_of(run_checklist(known_), [&](const check& each) { return each.title.contains(words); });
  }

  std::shared_ptr<store::integration_entry> here_ = std::make_shared<store::integration_entry>();
  std::shared_ptr<store::integration_entry> there_ = std::make_shared<store::integration_entry>();
  std::shared_ptr<store::backlog_map> backlog_ = std::make_shared<store::backlog_map>();
  facts known_;
};

TEST_F(Checklist, KnowsNothingOfAnIntegrationThatNobodyUsed) {
  EXPECT_EQ(find("Calls for sessions").found, finding::unknown);
  EXPECT_EQ(find("endpoint is set").found, finding::fail);
  EXPECT_EQ(find("Events are delivered").found, finding::unknown);
  EXPECT_EQ(find("Events are delivered").mend->path, "/v1/webhooks-management/test");
}

TEST_F(Checklist, NamesTheFixOfEachRefusedSessionCall) {
  for (const auto& [status, words] :
       {std::pair{401, "api-key"}, {403, "not interchangeable"}, {422, "5 to 60"}, {429, "Retry-After"}}) {
    known_.refusals.clear();
    add_refusal(status);
    const check seen = find("Calls for sessions");
    EXPECT_EQ(seen.found, finding::fail);
    EXPECT_TRUE(seen.fix.contains(words)) << seen.fix;
    EXPECT_TRUE(seen.evidence.at(0).contains(std::to_string(status)));
  }
}

TEST_F(Checklist, ForgetsRefusalsOlderThanTheLastSession) {
  add_session(session_state::created);
  add_refusal(401, now - 1);
  add_refusal(404, now + 1, "/v1/events/{id}");
  EXPECT_EQ(find("Calls for sessions").found, finding::pass);
}

TEST_F(Checklist, FindsTheUidInTheOtherEnvironment) {
  known_.uid = "anna-0001";
  EXPECT_EQ(find("known in this environment").found, finding::unknown);
  known_.lives_in_sibling = true;
  EXPECT_EQ(find("known in this environment").found, finding::fail);
  add_session(session_state::created);
  EXPECT_EQ(find("known in this environment").found, finding::pass);
}

TEST_F(Checklist, TellsHowFarThePersonGot) {
  known_.uid = "anna-0001";
  for (const auto& [state, expected] : {std::pair{session_state::created, finding::unknown},
                                        {session_state::in_progress, finding::unknown},
                                        {session_state::incomplete, finding::fail},
                                        {session_state::cancelled, finding::fail},
                                        {session_state::expired, finding::fail},
                                        {session_state::scored, finding::pass}}) {
    known_.sessions.clear();
    add_session(state);
    EXPECT_EQ(find("finished the assessment").found, expected) << model::to_string(state);
  }
}

TEST_F(Checklist, NamesWhyAnEndpointTakesNothing) {
  model::endpoint& to = add_endpoint(here_);
  EXPECT_EQ(find("takes deliveries").found, finding::pass);
  for (const endpoint_state state : {endpoint_state::paused, endpoint_state::degraded, endpoint_state::disabled}) {
    to.state = state;
    to.state_reason = "ten failures";
    (*backlog_)[to.id] = {12, 0};
    const check seen = find("takes deliveries");
    EXPECT_EQ(seen.found, finding::fail);
    EXPECT_TRUE(seen.evidence.at(1).contains("ten failures")) << seen.evidence.at(1);
    EXPECT_TRUE(seen.evidence.at(1).contains("12 deliveries"));
    EXPECT_TRUE(seen.mend->path.ends_with("/enable"));
  }
  to.url = "http://receiver.example/";
  EXPECT_EQ(find("HTTPS").found, finding::fail);
}

TEST_F(Checklist, ExplainsTheNewestFailedAttempt) {
  add_endpoint(here_);
  add_delivery(delivery_state::failed, 403);
  const check seen = find("Events are delivered");
  EXPECT_EQ(seen.found, finding::fail);
  EXPECT_TRUE(seen.fix.contains("raw body")) << seen.fix;
  EXPECT_TRUE(seen.mend->path.ends_with("/retry"));
  known_.events.clear();
  add_delivery(delivery_state::retrying, 0, model::error_class::dns);
  EXPECT_TRUE(find("Events are delivered").fix.contains("AAAA"));
  EXPECT_FALSE(find("Events are delivered").mend) << "it is tried again by itself";
  known_.events.clear();
  add_delivery(delivery_state::delivered, 200);
  EXPECT_EQ(find("Events are delivered").found, finding::pass);
}

TEST_F(Checklist, FindsEventsThatWentNowhere) {
  add_endpoint(here_);
  known_.events.emplace_back().state = model::event_state::unrouted;
  EXPECT_EQ(find("endpoint that takes it").found, finding::fail);
  EXPECT_TRUE(find("endpoint that takes it").mend->path.ends_with("/replay"));
}

TEST_F(Checklist, TellsWhyAScoreIsMissing) {
  known_.uid = "anna-0001";
  add_endpoint(here_);
  store::session_record& one = add_session(session_state::complete);
  EXPECT_EQ(find("score is there").found, finding::unknown);
  one.scoring = {0, 10, "the scorer answered 500"};
  const check seen = find("score is there");
  EXPECT_EQ(seen.found, finding::fail);
  EXPECT_EQ(seen.evidence.at(1), "the scorer answered 500");
  EXPECT_TRUE(seen.mend->path.ends_with("/score"));
  one.value.state = session_state::scored;
  EXPECT_EQ(find("score is there").found, finding::pass);
}

TEST_F(Checklist, NoticesThatNobodyTakesTheScore) {
  model::endpoint& to = add_endpoint(here_);
  add_session(session_state::scored).value.platform = model::platform::android;
  EXPECT_EQ(find("score's event type").found, finding::pass);
  to.event_types = {"application.*"};
  const check seen = find("score's event type");
  EXPECT_EQ(seen.found, finding::fail);
  EXPECT_TRUE(seen.evidence.at(0).contains("android_score.complete"));
}

TEST_F(Checklist, ComparesTheEnvironments) {
  EXPECT_EQ(find("other environment has").found, finding::pass);
  add_endpoint(there_);
  there_->value.assessment.redirects.complete = "https://a.example/";
  const check seen = find("other environment has");
  EXPECT_EQ(seen.found, finding::fail);
  EXPECT_EQ(seen.evidence.size(), 2u);
  known_.sibling = nullptr;
  EXPECT_FALSE(has("other environment has"));
}

}  // namespace
}  // namespace posthorn::diagnose
