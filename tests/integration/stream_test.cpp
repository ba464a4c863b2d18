// The live tail, read by a client that is not ours.
#include "integration/platform.hpp"
#include "support/child_process.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

class live_tail : public platform {
 protected:
  child_process look_on(const std::string& key, const std::string& query = "") {
    return child_process({"/usr/bin/curl", "-sS", "-N", "--noproxy", "*", "--fail", "-H", "api-key: " + key,
                          "http://127.0.0.1:" + std::to_string(server.port()) + "/v1/stream" + query});
  }
  // The data of the next event; null where none came in time, or the stream has ended.
  static json::value next(child_process& from) {
    while (const auto line = from.out_line()) {
      if (line->starts_with("data: ")) return json::parse(line->substr(6));
    }
    return nullptr;
  }
  // Whoever has read the first line is looking on.
  static void wait_for_begin(child_process& from) { ASSERT_EQ(from.out_line(), "retry: 2000"); }
};

TEST_F(live_tail, shows_attempts_as_they_end) {
  receiver.answer_with([](const received_request&, int tries) { return reply{.status = tries == 1 ? 500 : 200}; });
  const std::string endpoint = make_endpoint(receiver.url(), R"(,"retry":{"schedule_s":[0,0]})");
  child_process looking = look_on(test_env.api_key);
  wait_for_begin(looking);
  const accepted sent = send_numbered("anna-0001", 1);
  const json::value first = next(looking);
  ASSERT_TRUE(first.is_object());
  EXPECT_EQ(first.at("status"), 500);
  EXPECT_EQ(first.at("delivered"), false);
  EXPECT_EQ(first.at("attempt"), 1);
  EXPECT_EQ(first.at("event_id"), json::value(sent.id));
  EXPECT_EQ(first.at("delivery_id"), json::value(sent.deliveries.at(0)));
  EXPECT_EQ(first.at("endpoint_id"), json::value(endpoint));
  EXPECT_EQ(first.at("uid"), "anna-0001");
  const std::vector<std::string> documented{"at",      "event_id", "delivery_id", "endpoint_id", "type", "uid",
                                            "attempt", "status",   "error",       "delivered",   "ms"};
  EXPECT_EQ(first.as_object().size(), documented.size());
  for (const std::string& name : documented) EXPECT_TRUE(first.as_object().contains(name)) << name;
  const json::value second = next(looking);
  ASSERT_TRUE(second.is_object());
  EXPECT_EQ(second.at("delivered"), true);
  EXPECT_EQ(second.at("attempt"), 2);
}

TEST_F(live_tail, is_an_integrations_own) {
  make_endpoint(receiver.url());
  const environment other = make_deployment("cards", "assessment");
  child_process theirs = look_on(other.api_key, "?seconds=2");
  child_process ours = look_on(test_env.api_key);
  wait_for_begin(theirs);
  wait_for_begin(ours);
  send_numbered("anna-0001", 1);
  EXPECT_TRUE(next(ours).is_object());
  EXPECT_TRUE(next(theirs).is_null());
  EXPECT_EQ(theirs.wait(), 0) << "it has ended as it should";
}

TEST_F(live_tail, ends_with_the_right_to_see_it) {
  make_endpoint(receiver.url());
  child_process looking = look_on(test_env.api_key);
  wait_for_begin(looking);
  const http_answer rotated =
      server.admin().post("/v1/integrations/" + test_env.integration_id + "/keys/rotate", R"({"overlap_s":0})");
  ASSERT_EQ(rotated.status, 201) << rotated.body;
  EXPECT_TRUE(next(looking).is_null());
  EXPECT_EQ(looking.wait(), 0);
}

TEST_F(live_tail, does_not_keep_the_server_from_stopping) {
  child_process looking = look_on(test_env.api_key);
  wait_for_begin(looking);
  EXPECT_EQ(server.terminate(), 0);
  EXPECT_EQ(looking.wait(), 0);
}

TEST_F(live_tail, refuses_what_is_no_time) {
  for (const char* wrong : {"0", "-1", "1.5", "86401", "x"}) {
    EXPECT_EQ(api().get("/v1/stream?seconds=" + std::string(wrong)).status, 422) << wrong;
  }
}

}  // namespace
}  // namespace posthorn::test
