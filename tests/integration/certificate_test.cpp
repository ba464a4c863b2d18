// System B on the wire (contract section 4): certificates awarded, renewed and expired, and what receivers get.
#include <algorithm>

#include "integration/platform.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

const std::string user = "656f1b9ab34d5e0012ab0001";
const std::string owner = "656f1b9ab34d5e0012ab0002";
const std::string lesson_a = "656f1b9ab34d5e0012ab000a";
const std::string lesson_b = "656f1b9ab34d5e0012ab000b";

std::string text(const json::value& from) { return std::string(from.as_string()); }

class certificates : public platform {
 protected:
  certificates() { test_env = make_deployment("academy", "learning"); }

  std::string make_rule(int validity_days, const std::string& name = "Safety Training") {
    const http_answer made =
        api().post("/v1/certificate-rules", R"({"name":")" + name + R"(","description":"Annual","owner_id":")" + owner +
                                                R"(","validity_days":)" + std::to_string(validity_days) +
                                                R"(,"lessons":[")" + lesson_a + R"(",")" + lesson_b + R"("]})");
    EXPECT_EQ(made.status, 201) << made.body;
    return text(made.json().at("id"));
  }

  json::value complete(const std::string& lesson) {
    const http_answer done =
        api().post("/v1/lesson-completions", R"({"user_id":")" + user + R"(","lesson_id":")" + lesson + R"("})");
    EXPECT_EQ(done.status, 200) << done.body;
    return done.json().at("certificates");
  }

  http_answer award(const std::string& rule, const std::string& users) {
    return api().post("/v1/certificates", R"({"rule_id":")" + rule + R"(","user_ids":)" + users + "}");
  }

  // The times are moved in the store, not waited for.
  void let_expire(const std::string& certificate) {
    ASSERT_EQ(server.terminate(), 0);
    child_process sql({"/usr/bin/sqlite3", server.data() + "/posthorn.db",
                       "UPDATE certificate SET expires_at=awarded_at-1 WHERE id='" + certificate + "'"},
                      {.environment = {}, .err_file = "/dev/null"});
    ASSERT_EQ(sql.wait(), 0);
    server.start();
  }

  json::value document(std::size_t place) { return json::parse(receiver.requests().at(place).body); }
};

TEST_F(certificates, completing_every_lesson_awards_one_and_again_renews_it) {
  make_endpoint(receiver.url());
  const std::string rule = make_rule(365);
  EXPECT_TRUE(complete(lesson_a).as_array().empty());
  EXPECT_TRUE(complete(lesson_a).as_array().empty());
  const json::value first = complete(lesson_b);
  ASSERT_EQ(first.as_array().size(), 1u);
  const std::string id = text(first.at(0).at("id"));
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  EXPECT_EQ(receiver.requests()[0].header("webhook-event-type"), "certificate_completed");
  EXPECT_EQ(text(document(0).at("_id")), id);
  EXPECT_EQ(text(document(0).at("_userId")), user);
  EXPECT_EQ(text(document(0).at("_ownerId")), owner);
  EXPECT_EQ(text(document(0).at("_badgeId")), rule);
  EXPECT_EQ(document(0).at("ruleData").at("validityDurationDays"), 365);
  EXPECT_EQ(document(0).at("disabled"), false);

  EXPECT_TRUE(complete(lesson_a).as_array().empty()) << "one lesson is not all of them";
  const json::value again = complete(lesson_b);
  ASSERT_EQ(again.as_array().size(), 1u);
  EXPECT_EQ(text(again.at(0).at("id")), id);
  EXPECT_EQ(again.at(0).at("revision"), 1);
  ASSERT_TRUE(receiver.wait_for_accepted(2));
  EXPECT_EQ(text(document(1).at("_id")), id);
}

TEST_F(certificates, awarding_by_hand_gives_one_to_each_that_has_none) {
  make_endpoint(receiver.url());
  const std::string rule = make_rule(30);
  const std::string others = R"(["656f1b9ab34d5e0012ab0011","656f1b9ab34d5e0012ab0012"])";
  const http_answer first = award(rule, R"(["656f1b9ab34d5e0012ab0011"])");
  ASSERT_EQ(first.status, 201) << first.body;
  const http_answer second = award(rule, others);
  ASSERT_EQ(second.status, 201) << second.body;
  const json::value outcomes = second.json().at("data");
  EXPECT_EQ(outcomes.at(0).at("awarded"), false);
  EXPECT_EQ(outcomes.at(0).at("certificate"), first.json().at("data").at(0).at("certificate"));
  EXPECT_EQ(outcomes.at(1).at("awarded"), true);
  ASSERT_TRUE(receiver.wait_for_accepted(2));
  EXPECT_EQ(text(document(1).at("_userId")), "656f1b9ab34d5e0012ab0012");
}

TEST_F(certificates, what_ended_while_the_server_was_down_ends_at_its_start) {
  make_endpoint(receiver.url());
  const std::string id =
      text(award(make_rule(30), R"([")" + user + R"("])").json().at("data").at(0).at("certificate").at("id"));
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  let_expire(id);
  ASSERT_TRUE(receiver.wait_for_accepted(2));
  EXPECT_EQ(receiver.requests()[1].header("webhook-event-type"), "certificate_expired");
  EXPECT_EQ(text(document(1).at("_id")), id);
  EXPECT_EQ(document(1).at("disabled"), true);
  const json::value seen = read("/v1/certificates/" + id);
  EXPECT_EQ(text(seen.at("state")), "expired");

  const http_answer renewed = api().post("/v1/certificates/" + id + "/renew");
  ASSERT_EQ(renewed.status, 200) << renewed.body;
  EXPECT_EQ(text(renewed.json().at("state")), "valid");
  ASSERT_TRUE(receiver.wait_for_accepted(3));
  EXPECT_EQ(receiver.requests()[2].header("webhook-event-type"), "certificate_completed");
  EXPECT_NE(document(2).at("expires"), document(1).at("expires"));
}

TEST_F(certificates, a_short_validity_ends_while_the_server_runs) {
  make_endpoint(receiver.url());
  const std::string rule = make_rule(1);
  std::vector<std::string> ids;
  for (int i = 10; i < 20; ++i) {
    const auto made = award(rule, R"(["656f1b9ab34d5e0012ab00)" + std::to_string(i) + R"("])");
    ids.push_back(text(made.json().at("data").at(0).at("certificate").at("id")));
  }
  ASSERT_TRUE(receiver.wait_for_accepted(10));
  // A day passes for all of them at once, under the running server.
  child_process sql({"/usr/bin/sqlite3", "-cmd", ".timeout 10000", server.data() + "/posthorn.db",
                     "UPDATE certificate SET expires_at=awarded_at"},
                    {.environment = {}, .err_file = "/dev/null"});
  ASSERT_EQ(sql.wait(), 0);
  ASSERT_TRUE(receiver.wait_for_accepted(20));
  std::vector<std::string> ended;
  for (std::size_t i = 10; i < 20; ++i) ended.push_back(text(document(i).at("_id")));
  std::ranges::sort(ended);
  std::ranges::sort(ids);
  EXPECT_EQ(ended, ids) << "each once";
}

TEST_F(certificates, revoked_is_for_good_and_silent) {
  const std::string id =
      text(award(make_rule(30), R"([")" + user + R"("])").json().at("data").at(0).at("certificate").at("id"));
  EXPECT_EQ(api().post("/v1/certificates/" + id + "/revoke").status, 200);
  EXPECT_EQ(api().post("/v1/certificates/" + id + "/revoke").status, 409);
  EXPECT_EQ(api().post("/v1/certificates/" + id + "/renew").status, 409);
  EXPECT_EQ(text(read("/v1/certificates/" + id).at("state")), "revoked");
  EXPECT_EQ(read("/v1/events").at("data").as_array().size(), 1u) << "only its award";
}

TEST_F(certificates, lists_by_user_state_and_end_as_json_and_csv) {
  const std::string yearly = make_rule(365), monthly = make_rule(30, "=1+1"), forever = make_rule(0);
  for (const std::string& rule : {yearly, monthly, forever}) {
    ASSERT_EQ(award(rule, R"([")" + user + R"(","656f1b9ab34d5e0012ab0099"])").status, 201);
  }
  const auto count = [&](const std::string& query) {
    return read("/v1/certificates?" + query).at("data").as_array().size();
  };
  EXPECT_EQ(count(""), 6u);
  EXPECT_EQ(count("user_id=" + user), 3u);
  EXPECT_EQ(count("state=valid"), 6u);
  EXPECT_EQ(count("state=expired"), 0u);
  EXPECT_EQ(count("rule_id=" + monthly), 2u);
  const auto in_60_days = std::chrono::duration_cast<std::chrono::seconds>(
                              (std::chrono::system_clock::now() + std::chrono::hours(24 * 60)).time_since_epoch())
                              .count();
  EXPECT_EQ(count("expires_before=" + std::to_string(in_60_days)), 2u) << "the monthly ones";

  std::vector<std::string> paged;
  for (std::string cursor; paged.size() < 10;) {
    const json::value page = read("/v1/certificates?limit=4" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const json::value& each : page.at("data").as_array()) paged.push_back(text(each.at("id")));
    if (page.at("next_cursor").is_null()) break;
    cursor = text(page.at("next_cursor"));
  }
  EXPECT_EQ(paged.size(), 6u);

  const http_answer csv = api().get("/v1/certificates?format=csv&rule_id=" + monthly);
  EXPECT_EQ(csv.status, 200);
  EXPECT_TRUE(csv.header("content-type").starts_with("text/csv"));
  EXPECT_EQ(std::ranges::count(csv.body, '\n'), 3);
  EXPECT_NE(csv.body.find("\"'=1+1\""), std::string::npos) << csv.body;
  EXPECT_EQ(api().get("/v1/certificates?format=xml").status, 422);
}

TEST_F(certificates, refuses_what_is_not_right_with_the_field_named) {
  const std::string rule = make_rule(30);
  const auto pointer = [](const http_answer& answer) {
    return answer.status == 422 ? text(answer.json().at("errors").at(0).at("pointer")) : std::to_string(answer.status);
  };
  const auto made = [&](const std::string& body) { return pointer(api().post("/v1/certificate-rules", body)); };
  const std::string good_ids = R"(,"owner_id":")" + owner + R"(","lessons":[")" + lesson_a + R"("])";
  EXPECT_EQ(made("{" + good_ids.substr(1) + "}"), "/name");
  EXPECT_EQ(made(R"({"name":"x","validity_days":-1)" + good_ids + "}"), "/validity_days");
  EXPECT_EQ(made(R"({"name":"x","validity":1)" + good_ids + "}"), "/validity");
  EXPECT_EQ(made(R"({"name":"x","owner_id":"me","lessons":["a"]})"), "/owner_id");
  EXPECT_EQ(made(R"({"name":"x","owner_id":")" + owner + R"(","lessons":[]})"), "/lessons");
  EXPECT_EQ(made(R"({"name":"x","owner_id":")" + owner + R"(","lessons":[")" + lesson_a + R"(","b"]})"), "/lessons/1");
  EXPECT_EQ(pointer(award(rule, "[]")), "/user_ids");
  EXPECT_EQ(pointer(award(rule, R"([")" + user + R"(",")" + user + R"("])")), "/user_ids");
  EXPECT_EQ(award(lesson_a, R"([")" + user + R"("])").status, 404);
  EXPECT_EQ(api().get("/v1/certificates/" + lesson_a).status, 404);
  EXPECT_EQ(api().get("/v1/certificates?state=gone").status, 422);

  const environment other = make_deployment("other", "learning");
  EXPECT_EQ(server.as(other.api_key).get("/v1/certificates").json().at("data").as_array().size(), 0u);
  EXPECT_EQ(server.as(other.api_key).remove("/v1/certificate-rules/" + rule).status, 404);
  EXPECT_EQ(api().patch("/v1/certificate-rules/" + rule, R"({"validity_days":7})").json().at("validity_days"), 7);
  EXPECT_EQ(api().remove("/v1/certificate-rules/" + rule).status, 204);
  EXPECT_EQ(read("/v1/certificate-rules").at("data").as_array().size(), 0u);
}

}  // namespace
}  // namespace posthorn::test
