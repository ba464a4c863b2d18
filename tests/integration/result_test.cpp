// Results (contract 2.2 and 2.7): what ended sessions came to, as a list, as CSV and one by one.
#include "integration/assessments.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

class result : public assessments {
 protected:
  void finish(const std::string& uid, int choice) {
    const api_caller person = consenting(uid);
    ASSERT_EQ(answers(person, every_answer(choice)).status, 200);
    ASSERT_EQ(state_of(submit(person)), "scored");
  }

  // The uids of a list, in its order.
  std::vector<std::string> listed(const std::string& query) {
    std::vector<std::string> uids;
    const json::value page = read("/v1/results" + query);
    for (const auto& each : page.at("data").as_array()) uids.push_back(text(each.at("uid")));
    return uids;
  }
};

using uids = std::vector<std::string>;

TEST_F(result, of_ended_sessions_are_listed_by_uid_state_band_and_time) {
  finish("anna-0001", 2);
  (void)consenting("berta-0002");
  const api_caller clara = consenting("clara-0003");
  EXPECT_EQ(state_of(clara.post("/v1/journey/exit")), "cancelled");
  finish("dora-00004", 4);

  EXPECT_EQ(listed(""), (uids{"dora-00004", "clara-0003", "anna-0001"})) << "a live session has no result";
  EXPECT_EQ(listed("?uid=anna-0001"), uids{"anna-0001"});
  EXPECT_EQ(listed("?state=scored"), (uids{"dora-00004", "anna-0001"}));
  EXPECT_EQ(listed("?state=expired"), uids{});
  const std::string band = text(session_of("anna-0001").at("score").at("risk_band"));
  for (const std::string& uid : listed("?risk_band=" + band)) EXPECT_NE(uid, "clara-0003");
  for (const char* other : {"LOW", "MEDIUM", "HIGH"}) {
    const uids found = listed(std::string("?risk_band=") + other);
    EXPECT_EQ(std::ranges::count(found, "anna-0001"), other == band ? 1 : 0) << other;
  }
  const std::string ended = text(session_of("clara-0003").at("ended_at"));
  EXPECT_EQ(listed("?since=" + ended), (uids{"dora-00004", "clara-0003"}));
  EXPECT_EQ(listed("?until=" + ended), uids{"anna-0001"});

  const json::value first = read("/v1/results?limit=1");
  EXPECT_EQ(first.at("data").as_array().size(), 1u);
  EXPECT_EQ(listed("?limit=1&cursor=" + text(first.at("next_cursor"))), uids{"clara-0003"});

  for (const char* wrong : {"?state=created", "?state=done", "?risk_band=low", "?since=yesterday", "?format=xml"}) {
    const http_answer refused = api().get(std::string("/v1/results") + wrong);
    EXPECT_EQ(refused.status, 422) << wrong << ": " << refused.body;
  }
}

TEST_F(result, is_exported_as_csv_page_by_page) {
  finish("anna-0001", 2);
  finish("berta-0002", 3);
  const http_answer all = api().get("/v1/results?format=csv");
  ASSERT_EQ(all.status, 200);
  EXPECT_EQ(all.header("Content-Type"), "text/csv; charset=utf-8; header=present");
  EXPECT_EQ(all.header("Next-Cursor"), "");
  const std::string head = all.body.substr(0, all.body.find("\r\n") + 2);
  EXPECT_EQ(head,
            "session_id,uid,platform,state,outcome,started_at,ended_at,scored_at,score,risk_band,score_confidence,"
            "flags\r\n");
  const http_answer first = api().get("/v1/results?format=csv&limit=1");
  ASSERT_FALSE(first.header("Next-Cursor").empty());
  const http_answer second = api().get("/v1/results?format=csv&limit=1&cursor=" + first.header("Next-Cursor"));
  EXPECT_EQ(first.body + second.body.substr(head.size()), all.body);
  EXPECT_NE(second.body.find(R"(,"anna-0001","WEB","scored","complete",)"), std::string::npos) << second.body;
}

TEST_F(result, of_one_session_tells_its_answers_quality_timeline_and_events) {
  make_endpoint(receiver.url());
  const api_caller anna = consenting("anna-0001");
  const auto report = [&anna](const char* body) { EXPECT_EQ(answers(anna, body).status, 200) << body; };
  EXPECT_EQ(answers(anna, every_answer(2)).status, 200);
  report(R"({"answers":[{"item":"q02","choice":5,"time_ms":1000}],"visit":"first","focus_lost":2,"away_ms":7000})");
  const json::value live = read("/v1/results/" + text(session_of("anna-0001").at("id")));
  EXPECT_TRUE(live.at("outcome").is_null() && live.at("score").is_null() && live.at("quality").is_null());
  EXPECT_TRUE(live.at("events").as_array().empty());
  EXPECT_EQ(live.at("answers").as_array().size(), 48u);
  EXPECT_EQ(state_of(submit(anna)), "scored");

  const json::value session = session_of("anna-0001");
  const json::value whole = read("/v1/results/" + text(session.at("id")));
  EXPECT_EQ(text(whole.at("outcome")), "complete");
  EXPECT_EQ(whole.at("score"), session.at("score").at("score"));
  EXPECT_EQ(whole.at("traits"), session.at("score").at("traits"));
  EXPECT_EQ(whole.at("quality"), session.at("score").at("quality"));
  EXPECT_EQ(whole.at("answers").at(1),
            (json::object{{"item", "q02"}, {"choice", 5}, {"time_ms", 4000}, {"changes", 1}}));
  EXPECT_EQ(whole.at("visits"), (json::array{json::object{{"focus_lost", 2}, {"away_ms", 7000}}}));
  types steps;
  std::string before;
  for (const auto& each : whole.at("timeline").as_array()) {
    steps.push_back(text(each.at("step")));
    EXPECT_LE(before, text(each.at("at")));
    before = text(each.at("at"));
  }
  EXPECT_EQ(steps, (types{"created", "opened", "consented", "first_response", "last_response", "ended", "scored"}));
  const json::array& events = whole.at("events").as_array();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(text(events[0].at("type")), "application.complete");
  EXPECT_EQ(text(events[1].at("type")), "psychometric_score.complete");
  EXPECT_EQ(read("/v1/events/" + text(events[1].at("id"))).at("uid"), "anna-0001");
}

TEST_F(result, of_one_environment_does_not_show_in_the_other) {
  const json::value made = server.admin().post("/v1/deployments", R"({"name":"both"})").json().at("environments");
  const environment test{text(made.at("test").at("integration_id")), text(made.at("test").at("api_key"))};
  const api_caller production = server.as(text(made.at("production").at("api_key")));
  const api_caller person = server.as(text(ask_token("anna-0001", test).json().at("access_token")));
  EXPECT_EQ(person.post("/v1/journey/exit").status, 200);
  const json::value page = server.as(test.api_key).get("/v1/results").json();
  ASSERT_EQ(page.at("data").as_array().size(), 1u);
  EXPECT_TRUE(production.get("/v1/results").json().at("data").as_array().empty());
  EXPECT_EQ(production.get("/v1/results/" + text(page.at("data").at(0).at("session_id"))).status, 404);
  EXPECT_EQ(production.get("/v1/results?integration_id=" + test.integration_id).status, 403);
}

}  // namespace
}  // namespace posthorn::test
