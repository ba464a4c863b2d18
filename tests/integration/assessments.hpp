// A running server with an integration for assessments, a receiver that is its endpoint, and people who take them.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "integration/journey.hpp"
#include "integration/platform.hpp"
#include "receiver/verifier.hpp"

namespace posthorn::test {

inline std::string text(const boost::json::value& from) { return std::string(from.as_string()); }

class assessments : public platform {
 protected:
  explicit assessments(server_options with = {}) : platform(std::move(with)) {}

  http_answer ask_token(const std::string& uid) { return ask_token(uid, test_env); }
  http_answer ask_token(const std::string& uid, const environment& in) {
    return server.as(in.api_key)
        .post("/v1/sessions-management/tokens",
              R"({"uid":")" + uid + R"(","integration_id":")" + in.integration_id + "\"}");
  }

  // The caller that holds the token of the uid's session.
  api_caller person(const std::string& uid) {
    const http_answer made = ask_token(uid);
    EXPECT_EQ(made.status, 200) << made.body;
    return server.as(text(made.json().at("access_token")));
  }
  // Opened, and the policy accepted.
  api_caller consenting(const std::string& uid) {
    const api_caller caller = person(uid);
    EXPECT_EQ(caller.post("/v1/journey/open").status, 200);
    EXPECT_EQ(caller.post("/v1/journey/consent", R"({"accepted":true})").status, 200);
    return caller;
  }
  static http_answer answers(const api_caller& from, const std::string& report) {
    return from.post("/v1/journey/answers", report);
  }
  static http_answer submit(const api_caller& from, bool anyway = false) {
    return from.post("/v1/journey/submit", anyway ? R"({"anyway":true})" : R"({"anyway":false})");
  }
  static std::string state_of(const http_answer& journey) {
    EXPECT_EQ(journey.status, 200) << journey.body;
    return journey.status == 200 ? text(journey.json().at("state")) : journey.body;
  }

  void change_settings(const std::string& assessment) {
    const http_answer changed =
        api().patch("/v1/integrations/" + test_env.integration_id, R"({"assessment":)" + assessment + "}");
    EXPECT_EQ(changed.status, 200) << changed.body;
  }

  // Time is moved in the store, not waited for; under the running server.
  void move_time(const std::string& assignments, const std::string& uid) {
    child_process sql({"/usr/bin/sqlite3", "-cmd", ".timeout 10000", server.data() + "/posthorn.db",
                       "UPDATE session SET " + assignments + " WHERE uid='" + uid + "'"},
                      {.environment = {}, .err_file = "/dev/null"});
    ASSERT_EQ(sql.wait(), 0);
  }

  // The event that the receiver got as its `place`-th, once its signature has been verified (contract 2.3).
  boost::json::value event(std::size_t place) {
    const received_request request = receiver.requests().at(place);
    receiver::verifier verifier;
    EXPECT_TRUE(verifier.add_key(test_env.api_key));
    const std::string signature = request.header("X-Signature");
    EXPECT_TRUE(verifier.verify({.x_signature = signature}, request.body, 0));
    boost::json::value whole = boost::json::parse(request.body);
    EXPECT_EQ(text(whole.at("integration_id")), test_env.integration_id);
    EXPECT_EQ(request.header("webhook-event-type"), text(whole.at("event").at("type")));
    return whole;
  }
  std::vector<std::string> types_received() {
    std::vector<std::string> types;
    for (const received_request& each : receiver.requests()) types.push_back(each.header("webhook-event-type"));
    return types;
  }
  std::size_t events_of(const std::string& uid) { return read("/v1/events?uid=" + uid).at("data").as_array().size(); }
  boost::json::value session_of(const std::string& uid) { return read("/v1/sessions?uid=" + uid).at("data").at(0); }
};

using types = std::vector<std::string>;

}  // namespace posthorn::test
