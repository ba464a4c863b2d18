// docs/scoring.md, "An external scorer": a program of the customer's own that scores, that fails, and that talks
// nonsense.
#include "base/limits.hpp"
#include "integration/assessments.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

const std::string good_score = R"({"score":71,"risk_band":"LOW","score_confidence":"HIGH",)"
                               R"("traits":[{"key":"order","value":88,"risk_band":"LOW"}],"flags":["ODD"]})";

class external_scorer : public assessments {
 protected:
  external_scorer() { change_settings(settings()); }

  std::string settings(const std::string& more = "") {
    return R"({"external_scorer":{"url":")" + scorer.url("/score") + "\"" + more + "}}";
  }
  std::string complete(const std::string& uid) {
    const api_caller who = consenting(uid);
    EXPECT_EQ(answers(who, every_answer(4)).status, 200);
    EXPECT_EQ(state_of(submit(who)), "complete");
    return "/v1/sessions/" + text(who.get("/v1/journey").json().at("session_id"));
  }
  json::value read_until_scored(const std::string& at) {
    return read_until(at, [](const json::value& now) { return now.at("state") == "scored"; });
  }
  json::value read_until_failing(const std::string& at) {
    return read_until(at, [](const json::value& now) {
      return now.at("scoring").is_object() && now.at("scoring").at("tries").as_int64() > 0;
    });
  }
  // The first try ends so, the next ones with the score.
  void answer_first_with(reply first) {
    scorer.answer_with(
        [first](const received_request&, int tries) { return tries == 1 ? first : reply{.body = good_score}; });
  }

  scripted_receiver scorer{[](const received_request&, int) { return reply{.body = good_score}; }};
};

TEST_F(external_scorer, is_sent_the_answers_signed_and_its_score_is_taken) {
  make_endpoint(receiver.url());
  const std::string at = complete("anna-0001");
  const json::value seen = read_until_scored(at);
  EXPECT_TRUE(seen.at("scoring").is_null());
  EXPECT_EQ(seen.at("score"), json::parse(good_score));
  ASSERT_TRUE(receiver.wait_for_accepted(2));
  EXPECT_EQ(types_received(), (types{"application.complete", "psychometric_score.complete"}));
  const json::value calculated = event(1).at("event").at("details").at("calculated");
  EXPECT_EQ(calculated.at("score"), 71);
  EXPECT_EQ(calculated.at("traits").at(0).at("key"), "order");

  ASSERT_EQ(scorer.requests().size(), 1u);
  const received_request asked = scorer.requests().front();
  EXPECT_TRUE(is_signed_with(asked, {test_env.api_key}));
  EXPECT_EQ("/v1/sessions/" + asked.id(), at);
  const json::value body = json::parse(asked.body);
  EXPECT_EQ(body.at("uid"), "anna-0001");
  EXPECT_EQ(body.at("integration_id"), json::value(test_env.integration_id));
  EXPECT_EQ(body.at("answers").as_array().size(), 48u);
  EXPECT_EQ(api().post(at + "/score").status, 409) << "it has its score";
}

TEST_F(external_scorer, that_fails_is_asked_again) {
  answer_first_with({.status = 500});
  const std::string at = complete("anna-0001");
  const json::value seen = read_until_failing(at).at("scoring");
  EXPECT_EQ(seen.at("state"), "waiting");
  EXPECT_EQ(seen.at("tries"), 1);
  EXPECT_NE(text(seen.at("last_error")).find("500"), std::string::npos);
  EXPECT_TRUE(seen.at("next_try_at").is_string());
  read_until_scored(at);
  EXPECT_EQ(scorer.requests().size(), 2u) << "by itself, when the schedule says so";
  EXPECT_EQ(scorer.requests()[0].id(), scorer.requests()[1].id());
  EXPECT_EQ(scorer.requests()[0].body, scorer.requests()[1].body);
}

TEST_F(external_scorer, whose_answer_is_no_score_is_shown_and_asked_again) {
  answer_first_with({.body = R"({"score":"good","risk_band":"LOW","score_confidence":"LOW"})"});
  const std::string at = complete("anna-0001");
  const json::value seen = read_until_failing(at);
  EXPECT_EQ(seen.at("state"), "complete");
  EXPECT_TRUE(seen.at("score").is_null());
  EXPECT_NE(text(seen.at("scoring").at("last_error")).find("no valid score: /score must be"), std::string::npos);
  EXPECT_EQ(api().post(at + "/score").status, 202);
  EXPECT_EQ(read_until_scored(at).at("score").at("score"), 71);
  EXPECT_EQ(events_of("anna-0001"), 2u);
}

TEST_F(external_scorer, that_hangs_or_redirects_is_a_failed_try) {
  change_settings(settings(R"(,"timeout_ms":1000)"));
  answer_first_with(reply::hung());
  const std::string hung = complete("anna-0001");
  EXPECT_NE(text(read_until_failing(hung).at("scoring").at("last_error")).find("timeout"), std::string::npos);
  read_until_scored(hung);
  answer_first_with({.status = 307, .headers = {{"Location", scorer.url("/elsewhere")}}});
  const std::string away = complete("ben-00001");
  EXPECT_NE(text(read_until_failing(away).at("scoring").at("last_error")).find("307"), std::string::npos);
  read_until_scored(away);
  for (const received_request& each : scorer.requests()) EXPECT_EQ(each.path, "/score");
}

TEST_F(external_scorer, that_hangs_costs_others_nothing) {
  scripted_receiver silent([](const received_request&, int) { return reply::hung(); });
  change_settings(R"({"external_scorer":{"url":")" + silent.url() + R"(","timeout_ms":30000}})");
  const std::size_t places = base::limits::scorings_out_per_integration_max;
  for (std::size_t n = 0; n <= places; ++n) complete("waits-" + std::to_string(n));
  ASSERT_TRUE(silent.wait_for([&](const scripted_receiver::log& log) { return log.size() == places; }));
  test_env = make_deployment("cards", "assessment");
  change_settings(settings());
  EXPECT_EQ(read_until_scored(complete("anna-0001")).at("score").at("score"), 71);
  EXPECT_EQ(silent.requests().size(), places) << "no more are out at once";
}

TEST_F(external_scorer, is_asked_again_after_a_kill) {
  scorer.answer_with([](const received_request&, int) { return reply::hung(); });
  make_endpoint(receiver.url());
  const std::string at = complete("anna-0001");
  ASSERT_TRUE(scorer.wait_for([](const scripted_receiver::log& log) { return !log.empty(); }));
  server.kill();
  scorer.answer_with([](const received_request&, int) { return reply{.body = good_score}; });
  server.start();
  EXPECT_EQ(read_until_scored(at).at("score").at("score"), 71);
  ASSERT_TRUE(receiver.wait_for_accepted(2));
  EXPECT_EQ(events_of("anna-0001"), 2u);
  EXPECT_EQ(server.terminate(), 0);
}

TEST_F(external_scorer, that_used_up_its_tries_waits_to_be_asked_again) {
  scorer.answer_with([](const received_request&, int) { return reply{.status = 503}; });
  const std::string at = complete("anna-0001");
  read_until_failing(at);
  move_time("scoring_tries=9, scoring_due=1", "anna-0001");
  const json::value seen =
      read_until(at, [](const json::value& now) { return now.at("scoring").at("state") == "failed"; });
  EXPECT_EQ(seen.at("scoring").at("tries"), 10);
  EXPECT_TRUE(seen.at("scoring").at("next_try_at").is_null());
  scorer.answer_with([](const received_request&, int) { return reply{.body = good_score}; });
  const http_answer again = api().post(at + "/score");
  EXPECT_EQ(again.status, 202) << again.body;
  EXPECT_EQ(again.json().at("scoring").at("state"), "waiting");
  read_until_scored(at);
}

TEST_F(external_scorer, that_is_taken_away_leaves_its_work_to_the_built_in_one) {
  scorer.answer_with([](const received_request&, int) { return reply{.status = 503}; });
  const std::string at = complete("anna-0001");
  read_until_failing(at);
  change_settings(R"({"external_scorer":null})");
  EXPECT_EQ(api().post(at + "/score").status, 202);
  EXPECT_TRUE(read_until_scored(at).at("score").as_object().contains("quality"));
}

TEST_F(external_scorer, setting_is_checked_and_kept) {
  const std::string integration = "/v1/integrations/" + test_env.integration_id;
  const struct {
    const char* value;
    const char* pointer;
  } cases[] = {{R"("https://a.example/")", ""},
               {"{}", "/url"},
               {R"({"url":"ftp://a.example/"})", "/url"},
               {R"({"url":"https://0x7f.1/"})", "/url"},
               {R"({"url":"https://a.example/#x"})", "/url"},
               {R"({"url":"https://a.example/","timeout_ms":999})", "/timeout_ms"},
               {R"({"url":"https://a.example/","timeout_ms":30001})", "/timeout_ms"},
               {R"({"url":"https://a.example/","key":"x"})", "/key"}};
  const json::value before = read(integration).at("assessment").at("external_scorer");
  EXPECT_EQ(before.at("timeout_ms"), 5000);
  for (const auto& each : cases) {
    const http_answer refused =
        api().patch(integration, R"({"assessment":{"external_scorer":)" + std::string(each.value) + "}}");
    ASSERT_EQ(refused.status, 422) << each.value << refused.body;
    EXPECT_EQ(text(refused.json().at("errors").at(0).at("pointer")),
              std::string("/assessment/external_scorer") + each.pointer);
  }
  server.restart();
  EXPECT_EQ(read(integration).at("assessment").at("external_scorer"), before);
  change_settings(R"({"external_scorer":null})");
  EXPECT_TRUE(read(integration).at("assessment").at("external_scorer").is_null());
}

}  // namespace
}  // namespace posthorn::test
