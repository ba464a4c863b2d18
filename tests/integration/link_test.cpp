// Links (contract 2.8): "each one session: opening it again resumes that session until it ends. Links expire with the
// time limit, are refused if altered … Regenerate replaces the link (the old one dies) and, if its session ended
// uncompleted, starts a new session for the same uid."
#include <future>
#include <set>

#include "integration/links.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

class link : public links {
 protected:
  link() : links({.flags = {"--trusted-proxy", "127.0.0.1/32"}}) {}
};

TEST_F(link, is_one_session_and_opening_it_again_resumes_that) {
  make_endpoint(receiver.url());
  const json::value made = link_of("anna-0001");
  EXPECT_EQ(made.at("state"), "unused");
  EXPECT_TRUE(made.at("session_id").is_null());
  const std::string page = "http://127.0.0.1:" + std::to_string(server.port()) + "/assess/link";
  EXPECT_TRUE(text(made.at("url")).starts_with(page + "#")) << made;
  http_connection browser(server.port());
  EXPECT_EQ(browser.call("GET", "/assess/link").header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_TRUE(read("/v1/sessions").at("data").as_array().empty()) << "an unused link has no session";

  const http_answer first = open(token_of(made));
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(first.json().at("uid"), "anna-0001");
  const api_caller anna = person_by(made);
  EXPECT_EQ(anna.post("/v1/journey/consent", R"({"accepted":true})").status, 200);
  EXPECT_EQ(answers(anna, R"({"answers":[{"item":"q02","choice":5}]})").status, 200);
  EXPECT_EQ(seen(made).at("state"), "in_progress");
  server.restart();

  const http_answer again = open(token_of(made));
  EXPECT_EQ(again.json().at("session_id"), first.json().at("session_id"));
  EXPECT_EQ(again.json().at("progress"), (json::object{{"done", 1}, {"required", 48}}));
  EXPECT_EQ(again.json().at("expires_at"), made.at("expires_at")) << "its session ends with it";
  const api_caller back = server.as(text(again.json().at("access_token")));
  EXPECT_EQ(answers(back, every_answer(4)).status, 200);
  EXPECT_EQ(state_of(submit(back)), "scored");
  ASSERT_TRUE(receiver.wait_for_accepted(2));

  const http_answer over = open(token_of(made));
  EXPECT_EQ(over.status, 410);
  EXPECT_EQ(slug(over), "session-ended");
  EXPECT_EQ(over.json().at("outcome"), "complete");
  EXPECT_EQ(over.json().at("branding").at("name"), "");
  EXPECT_EQ(seen(made).at("state"), "scored");
  EXPECT_EQ(seen(made).at("url"), made.at("url")) << "the same for as long as it lives";
  EXPECT_EQ(seen(made).at("session_id"), first.json().at("session_id"));
  EXPECT_EQ(read("/v1/sessions").at("data").as_array().size(), 1u);
}

TEST_F(link, opened_by_many_at_once_makes_one_session) {
  const std::string token = token_of(link_of("anna-0001"));
  std::vector<std::future<http_answer>> all;
  for (int i = 0; i < 12; ++i) all.push_back(std::async(std::launch::async, [&] { return open(token); }));
  std::set<std::string> sessions;
  for (auto& each : all) sessions.insert(text(each.get().json().at("session_id")));
  EXPECT_EQ(sessions.size(), 1u);
  EXPECT_EQ(read("/v1/sessions").at("data").as_array().size(), 1u);
}

TEST_F(link, altered_in_any_of_its_characters_is_refused) {
  const std::string token = token_of(link_of("anna-0001"));
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string altered = token;
    altered[at] = token[at] == 'A' ? 'B' : 'A';
    const http_answer refused = open(altered, "198.51." + std::to_string(at / 200) + "." + std::to_string(at % 200));
    EXPECT_EQ(refused.status, 401) << at << ": " << refused.body;
    EXPECT_EQ(slug(refused), "invalid-token") << at;
  }
  for (const std::string& wrong : {token.substr(1), token.substr(0, token.size() - 1), token + "A", std::string("x")}) {
    EXPECT_EQ(open(wrong, "198.51.100.7").status, 401) << wrong;
  }
  EXPECT_EQ(open(text(ask_token("ben-00001").json().at("access_token")), "198.51.100.8").status, 401)
      << "a session's token";
  EXPECT_EQ(server.as(token).get("/v1/journey").status, 401) << "nor is a link's token a session's";
  EXPECT_EQ(open("").status, 422);
  EXPECT_EQ(open(token).status, 200);
}

TEST_F(link, guessed_at_too_often_makes_the_guesser_wait_and_nobody_else) {
  const std::string token = token_of(link_of("anna-0001"));
  int refused = 0;
  for (int i = 0; i < 30; ++i) refused += open("a.b.c", "198.51.100.9").status == 429 ? 1 : 0;
  EXPECT_GT(refused, 0);
  EXPECT_EQ(open(token, "198.51.100.9").status, 200) << "a good one may come from the same address, behind a NAT";
}

TEST_F(link, not_opened_in_time_is_dead_and_nothing_is_told) {
  make_endpoint(receiver.url());
  const json::value late = link_of("anna-0001");
  move_link_time(late, "expires_at=created_at");
  const http_answer refused = open(token_of(late));
  EXPECT_EQ(refused.status, 410);
  EXPECT_EQ(slug(refused), "link-expired");
  EXPECT_EQ(refused.json().at("outcome"), "expired");
  EXPECT_EQ(seen(late).at("state"), "expired");
  EXPECT_TRUE(read("/v1/sessions").at("data").as_array().empty());
  EXPECT_EQ(events_of("anna-0001"), 0u) << "no session was begun, so none has ended";

  const http_answer renewed = regenerate(late);
  ASSERT_EQ(renewed.status, 200) << renewed.body;
  EXPECT_EQ(renewed.json().at("state"), "unused");
  EXPECT_EQ(slug(open(token_of(late))), "link-replaced");
  EXPECT_EQ(open(token_of(renewed.json())).status, 200);
}

TEST_F(link, expires_with_the_time_limit_of_the_assessment) {
  change_settings(R"({"time_limit_s":3600})");
  const json::value made = link_of("anna-0001");
  const json::value journey = open(token_of(made)).json();
  EXPECT_EQ(journey.at("expires_at"), made.at("expires_at"));
  EXPECT_GT(journey.at("remaining_ms").as_int64(), 3'500'000);
  EXPECT_LE(journey.at("remaining_ms").as_int64(), 3'600'000);
  move_time("expires_at=created_at", "anna-0001");
  const http_answer over = open(token_of(made));
  EXPECT_EQ(slug(over), "time-over");
  EXPECT_EQ(over.json().at("outcome"), "expired");
  EXPECT_EQ(seen(made).at("state"), "expired");
  EXPECT_EQ(read_until("/v1/events?uid=anna-0001",
                       [](const json::value& page) { return page.at("data").as_array().size() == 1; })
                .at("data")
                .at(0)
                .at("type"),
            "application.expired");
}

TEST_F(link, regenerated_while_unused_or_live_goes_on_by_the_new_one_alone) {
  const json::value made = link_of("anna-0001");
  const json::value second = regenerate(made).json();
  EXPECT_NE(second.at("url"), made.at("url"));
  EXPECT_EQ(second.at("generation"), 2);
  EXPECT_EQ(slug(open(token_of(made))), "link-replaced");
  const api_caller anna = person_by(second);
  EXPECT_EQ(anna.post("/v1/journey/consent", R"({"accepted":true})").status, 200);
  EXPECT_EQ(answers(anna, R"({"answers":[{"item":"q02","choice":5}]})").status, 200);
  const json::value third = regenerate(second).json();
  EXPECT_EQ(third.at("state"), "in_progress");
  EXPECT_EQ(third.at("expires_at"), second.at("expires_at")) << "the session's limit stays";
  EXPECT_EQ(slug(open(token_of(second))), "link-replaced");
  EXPECT_EQ(open(token_of(third)).json().at("progress").at("done"), 1);
  EXPECT_EQ(read("/v1/sessions").at("data").as_array().size(), 1u);
}

TEST_F(link, regenerated_after_an_end_without_completion_begins_again) {
  json::value now = link_of("anna-0001");
  const auto end_by = [&](const std::string& how) {
    const api_caller anna = person_by(now);
    EXPECT_EQ(anna.post("/v1/journey/consent", R"({"accepted":true})").status, 200);
    if (how == "cancelled") (void)anna.post("/v1/journey/exit");
    if (how == "incomplete") (void)submit(anna, true);
    if (how == "expired") move_time("expires_at=created_at", "anna-0001' AND state='consented");
  };
  std::size_t sessions = 0;
  for (const std::string how : {"cancelled", "incomplete", "expired"}) {
    SCOPED_TRACE(how);
    end_by(how);
    EXPECT_EQ(open(token_of(now)).json().at("outcome"), json::value(how));
    const http_answer renewed = regenerate(now);
    ASSERT_EQ(renewed.status, 200) << renewed.body;
    EXPECT_EQ(slug(open(token_of(now))), "link-replaced");
    now = renewed.json();
    EXPECT_EQ(now.at("state"), "unused");
    EXPECT_EQ(open(token_of(now)).json().at("state"), "created");
    EXPECT_EQ(read("/v1/sessions?uid=anna-0001").at("data").as_array().size(), ++sessions + 1);
  }
  const api_caller anna = person_by(now);
  EXPECT_EQ(anna.post("/v1/journey/consent", R"({"accepted":true})").status, 200);
  EXPECT_EQ(answers(anna, every_answer(4)).status, 200);
  EXPECT_EQ(state_of(submit(anna)), "scored");
  const http_answer refused = regenerate(now);
  EXPECT_EQ(refused.status, 409) << refused.body;
  EXPECT_NE(refused.body.find("scored"), std::string::npos);
  EXPECT_EQ(open(token_of(now)).json().at("outcome"), "complete") << "nor has the link changed";
}

// docs/links.md, "a uid that has a session already".
TEST_F(link, of_a_uid_with_a_session_of_its_own_leads_to_that_one) {
  const api_caller anna = consenting("anna-0001");
  const json::value live = link_of("anna-0001"), other = link_of("anna-0001");
  EXPECT_EQ(open(token_of(live)).json().at("session_id"), anna.get("/v1/journey").json().at("session_id"));
  EXPECT_EQ(anna.post("/v1/journey/exit").status, 200);
  for (const json::value& each : {live, other}) {
    EXPECT_EQ(open(token_of(each)).json().at("outcome"), "cancelled");
    EXPECT_EQ(seen(each).at("state"), "cancelled");
  }
  const json::value renewed = regenerate(other).json();
  EXPECT_EQ(open(token_of(renewed)).json().at("state"), "created");
  EXPECT_EQ(open(token_of(live)).json().at("outcome"), "cancelled") << "one link is one session";
  EXPECT_EQ(ask_token("anna-0001").status, 200) << "and the other way round";
}

TEST_F(link, goes_on_after_a_change_of_the_master_key) {
  const json::value made = link_of("anna-0001");
  const api_caller ben = consenting("ben-00001");
  EXPECT_EQ(server.terminate(), 0);
  ASSERT_EQ(run_posthorn({"admin", "rotate-master-key", "--data", server.data()}).status, 0);
  server.start();
  EXPECT_EQ(seen(made).at("url"), made.at("url"));
  EXPECT_EQ(open(token_of(made)).status, 200);
  EXPECT_EQ(ben.get("/v1/journey").json().at("state"), "consented");
}

TEST_F(link, of_a_deleted_deployment_is_none) {
  const json::value made = link_of("anna-0001");
  (void)start_batch(R"({"name":"many","count":2000})");
  const json::value integration = read("/v1/integrations/" + test_env.integration_id);
  ASSERT_EQ(server.admin().remove("/v1/deployments/" + text(integration.at("deployment_id"))).status, 204);
  EXPECT_EQ(slug(open(token_of(made))), "invalid-token");
  // Erased piece by piece, beside what else there is to do.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  const std::string left =
      "SELECT CASE WHEN EXISTS(SELECT 1 FROM link) OR EXISTS(SELECT 1 FROM link_batch) THEN "
      "abs(-9223372036854775808) END";  // an error while any is there
  int status = 1;
  while (status != 0 && std::chrono::steady_clock::now() < until) {
    child_process sql({"/usr/bin/sqlite3", "-cmd", ".timeout 10000", server.data() + "/posthorn.db", left},
                      {.environment = {}, .err_file = "/dev/null"});
    status = sql.wait();
  }
  EXPECT_EQ(status, 0) << "links are left";
}

}  // namespace
}  // namespace posthorn::test
