// Sessions and their tokens (contract 2.5), and what happens to steps that come twice, late, or not from the person.
#include <algorithm>
#include <future>

#include "integration/assessments.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

using session = assessments;

std::string slug(const http_answer& refused) {
  const std::string type = text(refused.json().at("type"));
  return type.substr(type.rfind('/') + 1);
}

// Contract 2.5: "401 api-key missing or invalid · 403 key not authorised for this integration (also: the other
// environment's key) · 422 body invalid"; 2.6: "Errors of 2.5 and 2.6 are plain {"detail":…}".
TEST_F(session, tokens_are_refused_as_the_contract_says) {
  const json::value whole = server.admin().post("/v1/deployments", R"({"name":"other"})").json();
  const std::string production_key = text(whole.at("environments").at("production").at("api_key"));
  const std::string test_id = text(whole.at("environments").at("test").at("integration_id"));
  const auto ask = [&](http_headers headers, const std::string& body) {
    headers.emplace_back("Content-Type", "application/json");
    http_connection connection(server.port());
    return connection.call("POST", "/v1/sessions-management/tokens", headers, body);
  };
  const http_headers key{{"api-key", test_env.api_key}};
  const std::string good = R"({"uid":"anna-0001","integration_id":")" + test_env.integration_id + "\"}";
  const struct {
    http_headers headers;
    std::string body;
    int status;
  } cases[] = {
      {{}, good, 401},
      {{{"api-key", "ph_test_wrong"}}, good, 401},
      {{{"api-key", production_key}}, R"({"uid":"anna-0001","integration_id":")" + test_id + "\"}", 403},
      {key, R"({"uid":"anna-0001","integration_id":"12345678901234567890"})", 403},
      {key, R"({"uid":"anna-0001"})", 422},
      {key, R"({"integration_id":")" + test_env.integration_id + "\"}", 422},
      {key, R"({"uid":"anna","integration_id":")" + test_env.integration_id + "\"}", 422},
      {key, R"({"uid":"anna_0001","integration_id":")" + test_env.integration_id + "\"}", 422},
      {key, R"({"uid":")" + std::string(61, 'a') + R"(","integration_id":")" + test_env.integration_id + "\"}", 422},
      {key, R"({"uid":5,"integration_id":")" + test_env.integration_id + "\"}", 422},
      {key, "{", 422},
      {key, "[]", 422},
      {key, "", 422},
  };
  for (const auto& each : cases) {
    const http_answer refused = ask(each.headers, each.body);
    EXPECT_EQ(refused.status, each.status) << each.body << ": " << refused.body;
    EXPECT_EQ(refused.header("Content-Type"), "application/json") << each.body;
    EXPECT_EQ(refused.json().as_object().size(), 1u) << refused.body;
    EXPECT_FALSE(text(refused.json().at("detail")).empty());
  }
  EXPECT_TRUE(read("/v1/sessions").at("data").as_array().empty()) << "none was begun";
  EXPECT_EQ(ask(key, good).status, 200);
}

// Contract 2.5: "while its session is live the same session answers again with a fresh token; once it has ended, 422
// says so", and the token's URL.
TEST_F(session, of_a_uid_goes_on_until_it_ends) {
  const http_answer first = ask_token("anna-0001");
  ASSERT_EQ(first.status, 200) << first.body;
  const std::string token = text(first.json().at("access_token"));
  EXPECT_EQ(text(first.json().at("url")), "http://127.0.0.1:" + std::to_string(server.port()) + "/assess/#" + token);
  const api_caller anna = consenting("anna-0001");
  EXPECT_EQ(answers(anna, R"({"answers":[{"item":"q02","choice":5}]})").status, 200);
  server.restart();
  const json::value seen = person("anna-0001").get("/v1/journey").json();
  EXPECT_EQ(seen.at("session_id"), server.as(token).get("/v1/journey").json().at("session_id"));
  EXPECT_EQ(seen.at("answers"), (json::object{{"q02", 5}}));
  EXPECT_EQ(seen.at("progress"), (json::object{{"done", 1}, {"required", 48}}));
  EXPECT_EQ(seen.at("questionnaire").at("sections").at(0).at("items").at(0).at("key"), "q01");
  EXPECT_EQ(state_of(person("anna-0001").post("/v1/journey/exit")), "cancelled");
  const http_answer refused = ask_token("anna-0001");
  EXPECT_EQ(refused.status, 422);
  EXPECT_NE(refused.body.find("cancelled"), std::string::npos) << refused.body;
  EXPECT_EQ(read("/v1/sessions?uid=anna-0001").at("data").as_array().size(), 1u);
}

TEST_F(session, of_one_environment_does_not_show_in_the_other) {
  const json::value whole = server.admin().post("/v1/deployments", R"({"name":"both"})").json().at("environments");
  const auto side = [&](const char* name) {
    return environment{text(whole.at(name).at("integration_id")), text(whole.at(name).at("api_key"))};
  };
  const environment test = side("test"), production = side("production");
  const std::string test_token = text(ask_token("anna-0001", test).json().at("access_token"));
  const std::string token = text(ask_token("anna-0001", production).json().at("access_token"));
  EXPECT_EQ(server.as(token).get("/v1/journey").json().at("environment"), "production");
  EXPECT_EQ(server.as(test_token).post("/v1/journey/exit").status, 200);
  EXPECT_EQ(server.as(token).get("/v1/journey").json().at("state"), "created");
  const std::string id = text(server.as(token).get("/v1/journey").json().at("session_id"));
  EXPECT_EQ(server.as(test.api_key).get("/v1/sessions/" + id).status, 404);
  EXPECT_EQ(server.as(production.api_key).get("/v1/sessions/" + id).status, 200);
}

TEST_F(session, token_that_is_not_ours_or_whose_session_is_gone_is_refused) {
  const std::string good = text(ask_token("anna-0001").json().at("access_token"));
  std::string altered = good;
  altered[good.find('.') + 5] ^= 1;
  const server_process elsewhere;
  std::string foreign;
  {
    const json::value made = elsewhere.admin().post("/v1/deployments", R"({"name":"x"})").json().at("environments");
    const std::string key = text(made.at("test").at("api_key"));
    const http_answer given = elsewhere.as(key).post(
        "/v1/sessions-management/tokens",
        R"({"uid":"anna-0001","integration_id":")" + text(made.at("test").at("integration_id")) + "\"}");
    foreign = text(given.json().at("access_token"));
  }
  for (const std::string& token : {altered, foreign, std::string("a.b.c"), good + "x", test_env.api_key}) {
    const http_answer refused = server.as(token).get("/v1/journey");
    EXPECT_EQ(refused.status, 401) << token;
    EXPECT_EQ(slug(refused), "invalid-token") << token;
  }
  EXPECT_EQ(server.as(good).get("/v1/journey").status, 200);

  const json::value integration = read("/v1/integrations/" + test_env.integration_id);
  ASSERT_EQ(server.admin().remove("/v1/deployments/" + text(integration.at("deployment_id"))).status, 204);
  EXPECT_EQ(slug(server.as(good).get("/v1/journey")), "invalid-token") << "its deployment is gone";
}

// What was answered is kept, and no complete session is ever without its score, however the server ends.
TEST_F(session, survives_a_kill_with_its_answers_its_score_and_both_events) {
  make_endpoint(receiver.url());
  const api_caller anna = consenting("anna-0001");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(answers(anna, every_answer(2, 16 * (i + 1))).status, 200);
    server.kill();
    server.start();
    EXPECT_EQ(anna.get("/v1/journey").json().at("answers").as_object().size(), 16u * static_cast<std::size_t>(i + 1));
  }
  std::future<http_answer> last = std::async(std::launch::async, [&anna] { return submit(anna); });
  server.kill();
  (void)last.get();
  server.start();
  EXPECT_EQ(state_of(submit(anna)), "scored") << "again, as its answer may have been lost";
  ASSERT_TRUE(receiver.wait_for([](const scripted_receiver::log& log) {
    return std::ranges::any_of(log, [](const received_request& each) {
      return each.header("webhook-event-type") == "psychometric_score.complete";
    });
  }));
  EXPECT_EQ(receiver.requests().at(0).header("webhook-event-type"), "application.complete");
  EXPECT_EQ(events_of("anna-0001"), 2u);
}

// docs/sessions.md, "two at once": the store takes one first, and the other one meets the state that this left.
TEST_F(session, submitted_by_many_at_once_ends_once) {
  const api_caller anna = consenting("anna-0001");
  EXPECT_EQ(answers(anna, every_answer(4)).status, 200);
  std::vector<std::future<http_answer>> all;
  for (int i = 0; i < 8; ++i) {
    all.push_back(std::async(std::launch::async, [&anna] { return submit(anna); }));
  }
  for (auto& each : all) EXPECT_EQ(state_of(each.get()), "scored");
  EXPECT_EQ(events_of("anna-0001"), 2u);

  const api_caller ben = consenting("ben-00001");
  std::future<http_answer> exit = std::async(std::launch::async, [&ben] { return ben.post("/v1/journey/exit"); });
  std::future<http_answer> end = std::async(std::launch::async, [&ben] { return submit(ben, true); });
  EXPECT_EQ((exit.get().status == 200) + (end.get().status == 200), 1) << "one of them came too late";
  EXPECT_EQ(events_of("ben-00001"), 1u);
}

// docs/sessions.md, "at the time limit": every step that meets a live session expires it, timer or no timer.
TEST_F(session, whose_limit_has_come_takes_no_submit) {
  change_settings(R"({"redirects":{"expired":"https://bank.example/late?from=assessment"}})");
  const api_caller anna = consenting("anna-0001");
  EXPECT_EQ(answers(anna, every_answer(4)).status, 200);
  move_time("expires_at=last_response_at", "anna-0001");
  const http_answer late = submit(anna);
  EXPECT_EQ(late.status, 410) << late.body;
  EXPECT_EQ(slug(late), "time-over");
  EXPECT_EQ(late.json().at("outcome"), "expired");
  EXPECT_EQ(late.json().at("redirect_url"), "https://bank.example/late?from=assessment&uid=anna-0001&outcome=expired");
  EXPECT_EQ(session_of("anna-0001").at("state"), "expired");
  const json::value events = read("/v1/events?uid=anna-0001").at("data");
  ASSERT_EQ(events.as_array().size(), 1u);
  EXPECT_EQ(events.at(0).at("type"), "application.expired");
  const json::value seen = anna.get("/v1/journey").json();
  EXPECT_EQ(seen.at("outcome"), "expired");
  EXPECT_EQ(seen.at("remaining_ms"), 0);
  EXPECT_TRUE(seen.at("questionnaire").is_null());
}

TEST_F(session, that_has_ended_takes_nothing_more_and_says_how_it_ended) {
  change_settings(R"({"redirects":{"complete":"https://bank.example/done"}})");
  const api_caller anna = consenting("anna-0001");
  EXPECT_EQ(answers(anna, every_answer(4)).status, 200);
  EXPECT_EQ(submit(anna).json().at("redirect_url"), "https://bank.example/done?uid=anna-0001&outcome=complete");
  for (const auto& [step, body] : {std::pair("answers", every_answer(1)), {"exit", ""}, {"device", "{"}}) {
    const http_answer refused = anna.post("/v1/journey/" + std::string(step), body);
    EXPECT_EQ(refused.status, 410) << step;
    EXPECT_EQ(slug(refused), "session-ended") << step;
    EXPECT_EQ(refused.json().at("outcome"), "complete") << step;
    EXPECT_EQ(refused.json().at("redirect_url"), "https://bank.example/done?uid=anna-0001&outcome=complete");
  }
  EXPECT_EQ(state_of(submit(anna)), "scored") << "an answer that was lost";
  EXPECT_EQ(state_of(anna.post("/v1/journey/open")), "scored");
  EXPECT_EQ(events_of("anna-0001"), 2u);
}

TEST_F(session, refuses_what_is_wrong_by_its_place_and_keeps_nothing_of_it) {
  const api_caller anna = person("anna-0001");
  const http_answer early = answers(anna, every_answer(4));
  EXPECT_EQ(early.status, 409);
  EXPECT_EQ(slug(early), "not-consented");
  EXPECT_EQ(anna.post("/v1/journey/consent", R"({"accepted":true})").status, 200);
  const http_answer wrong =
      answers(anna, R"({"answers":[{"item":"q01","choice":4},{"item":"q99","choice":1},{"item":"q02","choice":9}]})");
  EXPECT_EQ(wrong.status, 422);
  std::vector<std::string> places;
  const json::value problem = wrong.json();
  for (const json::value& each : problem.at("errors").as_array()) places.push_back(text(each.at("pointer")));
  EXPECT_EQ(places, (std::vector<std::string>{"/answers/1/item", "/answers/2/choice"}));
  EXPECT_TRUE(anna.get("/v1/journey").json().at("answers").as_object().empty());
  EXPECT_EQ(anna.post("/v1/journey/consent", R"({"accepted":"yes"})").status, 422);
  EXPECT_EQ(anna.post("/v1/journey/submit", "{}").status, 422);
  EXPECT_EQ(answers(anna, R"({"visit":")" + std::string(200'000, 'v') + "\"}").status, 413);
  EXPECT_EQ(anna.post("/v1/journey/device", whole_device).status, 409);
  // Leaving the page is no answer.
  EXPECT_EQ(state_of(answers(anna, R"({"visit":"k3J","focus_lost":1,"away_ms":500})")), "consented");
}

TEST_F(session, limits_that_pass_are_noticed_among_a_hundred_thousand_live_ones) {
  make_endpoint(receiver.url());
  (void)person("anna-0001");
  ASSERT_EQ(server.terminate(), 0);
  child_process sql(
      {"/usr/bin/sqlite3", server.data() + "/posthorn.db",
       "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100000) INSERT INTO session "
       "SELECT id+i,integration,'other-'||i,platform,state,created_at,expires_at+i,opened_at,consented_at,"
       "last_response_at,ended_at,scored_at,done,required,permissions_missing,end_reasons,questionnaire_key,"
       "questionnaire_version,scorecard_key,scorecard_version,given,score,first_response_at,scoring_due,scoring_tries,"
       "scoring_error FROM session,n WHERE uid='anna-0001'"},
      {.environment = {}, .err_file = "/dev/null"});
  ASSERT_EQ(sql.wait(), 0);
  server.start();
  for (const std::string uid : {"other-5", "other-99999", "anna-0001"}) {
    move_time("expires_at=created_at+1", uid);
  }
  ASSERT_TRUE(receiver.wait_for_accepted(3));
  EXPECT_EQ(types_received(), (types{"application.expired", "application.expired", "application.expired"}));
  EXPECT_EQ(session_of("other-5").at("state"), "expired");
  EXPECT_EQ(session_of("other-6").at("state"), "created");
}

TEST_F(session, list_filters_by_uid_and_state_and_pages) {
  for (int i = 0; i < 7; ++i) (void)person("person-" + std::to_string(i));
  EXPECT_EQ(person("person-3").post("/v1/journey/exit").status, 200);
  const auto count = [&](const std::string& query) {
    return read("/v1/sessions?" + query).at("data").as_array().size();
  };
  EXPECT_EQ(count(""), 7u);
  EXPECT_EQ(count("uid=person-3"), 1u);
  EXPECT_EQ(count("state=cancelled"), 1u);
  EXPECT_EQ(count("state=created"), 6u);
  EXPECT_EQ(count("state=created&uid=person-3"), 0u);
  EXPECT_EQ(api().get("/v1/sessions?state=gone").status, 422);
  std::vector<std::string> paged;
  for (std::string cursor; paged.size() < 20;) {
    const json::value page = read("/v1/sessions?limit=3" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const json::value& each : page.at("data").as_array()) paged.push_back(text(each.at("uid")));
    if (page.at("next_cursor").is_null()) break;
    cursor = text(page.at("next_cursor"));
  }
  ASSERT_EQ(paged.size(), 7u);
  EXPECT_EQ(paged.front(), "person-6") << "newest first";
  const std::string id = text(session_of("person-3").at("id"));
  EXPECT_EQ(read("/v1/sessions/" + id), session_of("person-3"));
  EXPECT_EQ(read("/v1/sessions/" + id).at("reasons"), json::array{"Exited the assessment"});
}

}  // namespace
}  // namespace posthorn::test
