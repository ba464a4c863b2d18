// Test webhooks: contract 2.6 status by status, and a test of one endpoint.
#include <future>

#include "base/limits.hpp"
#include "integration/platform.hpp"
#include "support/raw_receiver.hpp"

namespace posthorn::test {
namespace {

using boost::json::value;

constexpr const char* target = "/v1/webhooks-management/test";

class webhook_tests : public platform {
 protected:
  static std::string text(const value& of) { return std::string(of.as_string()); }
};

TEST_F(webhook_tests, contract_2_6_answers_200_with_what_the_receiver_answered) {
  make_endpoint(receiver.url());
  const http_answer answer = api().post(target);
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json().at("webhook_receiver_status_code").as_int64(), 200);
  EXPECT_TRUE(answer.json().at("detail").is_string());
  const auto got = receiver.requests();
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].type(), "webhook.test");
  EXPECT_EQ(got[0].header("webhook-test"), "true");
  EXPECT_TRUE(got[0].id().starts_with("evt_"));
  EXPECT_TRUE(is_signed_with(got[0], {test_env.api_key}));
  const value body = boost::json::parse(got[0].body);
  EXPECT_EQ(text(body.at("integration_id")), test_env.integration_id);
  EXPECT_EQ(text(body.at("event").at("type")), "webhook.test");
  EXPECT_TRUE(read("/v1/events").at("data").as_array().empty()) << "a test is no event";
}

TEST_F(webhook_tests, contract_2_6_answers_422_with_the_refusal) {
  make_endpoint(receiver.url());
  receiver.answer_with([](const received_request&, int) { return reply{.status = 403, .body = "no \"entry\""}; });
  const http_answer answer = api().post(target);
  EXPECT_EQ(answer.status, 422) << answer.body;
  EXPECT_EQ(answer.json(), boost::json::parse(R"({"detail":{"webhook_receiver_status_code":403,)"
                                              R"("webhook_receiver_body_content":"no \"entry\""}})"));
  receiver.answer_with([](const received_request&, int) { return reply{.status = 201}; });
  EXPECT_EQ(api().post(target).status, 422) << "this endpoint takes 200 alone for success";
}

TEST_F(webhook_tests, contract_2_6_answers_424_where_no_endpoint_is_set) {
  const http_answer answer = api().post(target);
  EXPECT_EQ(answer.status, 424) << answer.body;
  EXPECT_TRUE(text(answer.json().at("detail")).starts_with("Webhooks not set for loans, ")) << answer.body;
  const std::string endpoint = make_endpoint(receiver.url());
  EXPECT_EQ(api().post("/v1/endpoints/" + endpoint + "/pause").status, 200);
  EXPECT_EQ(api().post(target).status, 424) << "none is active";
  EXPECT_EQ(api().post(std::string(target) + "?endpoint_id=" + endpoint).status, 200)
      << "named, it is tested all the same";
}

TEST_F(webhook_tests, contract_2_6_answers_503_where_the_receiver_cannot_be_reached) {
  const deaf_listener deaf;
  for (const std::string& url : {std::string("http://no-such-host.invalid/"), std::string("http://127.0.0.1:1/"),
                                 "https://127.0.0.1:" + std::to_string(deaf.port()) + "/"}) {
    const std::string endpoint = make_endpoint(url, R"(,"timeout_ms":1000)");
    const http_answer answer = api().post(std::string(target) + "?endpoint_id=" + endpoint);
    EXPECT_EQ(answer.status, 503) << url << ": " << answer.body;
    const std::string host = url.find("127.0.0.1") == std::string::npos ? "no-such-host.invalid" : "127.0.0.1";
    EXPECT_EQ(answer.json(), value({{"detail", "Cannot connect to host " + host}}));
  }
}

TEST_F(webhook_tests, contract_2_6_answers_400_without_a_key_and_403_to_a_wrong_one) {
  const http_answer none = server.as("").post(target);
  EXPECT_EQ(none.status, 400);
  EXPECT_EQ(none.json(), boost::json::parse(R"({"detail":"No Api-key supplied"})"));
  const http_answer wrong = server.as("ph_test_nobodys").post(target);
  EXPECT_EQ(wrong.status, 403);
  EXPECT_EQ(wrong.json(), boost::json::parse(R"({"detail":"Invalid Api-key"})"));
}

TEST_F(webhook_tests, goes_to_the_oldest_active_endpoint) {
  const std::string first = make_endpoint(receiver.url("/first"));
  make_endpoint(receiver.url("/second"));
  EXPECT_EQ(api().post(target).status, 200);
  EXPECT_EQ(api().post("/v1/endpoints/" + first + "/pause").status, 200);
  EXPECT_EQ(api().post(target).status, 200);
  const auto got = receiver.requests();
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0].path, "/first");
  EXPECT_EQ(got[1].path, "/second");
}

TEST_F(webhook_tests, of_one_endpoint_show_all_that_was_sent_and_came_back) {
  const std::string endpoint = make_endpoint(
      receiver.url(), R"(,"auth":{"authType":"bearer_token","token":"hush-hush"},"headers":{"X-Tenant":"acme"})");
  receiver.answer_with([](const received_request&, int) { return reply{.status = 202, .body = "later"}; });
  const http_answer answer = api().post("/v1/endpoints/" + endpoint + "/test?event_type=application.complete");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const value shown = answer.json();
  EXPECT_FALSE(shown.at("success").as_bool());
  EXPECT_FALSE(shown.at("advice").at("fix").as_string().empty());
  EXPECT_EQ(shown.at("status").as_int64(), 202);
  EXPECT_EQ(text(shown.at("response_body")), "later");
  EXPECT_EQ(text(shown.at("event_type")), "application.complete");
  EXPECT_GT(shown.at("timing").at("total_us").as_int64(), 0);
  const std::string sent = text(shown.at("request_headers"));
  EXPECT_NE(sent.find("X-Tenant: ***\r\n"), std::string::npos) << sent;
  EXPECT_NE(sent.find("webhook-test: true\r\n"), std::string::npos) << sent;
  EXPECT_EQ(sent.find("hush-hush"), std::string::npos) << sent;
  const auto got = receiver.requests();
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].header("authorization"), "Bearer hush-hush");
  EXPECT_EQ(got[0].header("x-tenant"), "acme");
  EXPECT_EQ(got[0].body, text(shown.at("payload")));
  EXPECT_EQ(got[0].id(), text(shown.at("webhook_id")));
  EXPECT_EQ(text(boost::json::parse(got[0].body).at("event").at("type")), "application.complete");
  EXPECT_EQ(text(read("/v1/endpoints/" + endpoint).at("state")), "active") << "a test says nothing of its health";

  const http_answer unknown = api().post("/v1/endpoints/" + endpoint + "/test?event_type=no.such.type");
  EXPECT_EQ(unknown.status, 422);
  EXPECT_NE(unknown.body.find("/event_type"), std::string::npos) << unknown.body;
}

// Who has a key cannot hold the server with a receiver that never answers.
TEST_F(webhook_tests, are_few_at_once_for_an_endpoint) {
  auto silent = std::make_unique<scripted_receiver>([](const received_request&, int) { return reply::hung(); });
  const std::string endpoint = make_endpoint(silent->url());
  const std::string test_it = "/v1/endpoints/" + endpoint + "/test";
  std::vector<std::future<http_answer>> held;
  for (int i = 0; i < base::limits::test_webhooks_out_max; ++i) {
    held.push_back(std::async(std::launch::async, [&] { return api().post(test_it); }));
  }
  ASSERT_TRUE(silent->wait_for([&](const auto& log) { return log.size() == held.size(); }));
  for (const std::string& route : {test_it, std::string(target) + "?endpoint_id=" + endpoint}) {
    const http_answer refused = api().post(route);
    EXPECT_EQ(refused.status, 429) << refused.body;
    EXPECT_EQ(refused.header("Retry-After"), std::to_string(base::limits::test_retry_after_s));
  }
  const std::string other = make_endpoint(receiver.url());
  EXPECT_EQ(api().post("/v1/endpoints/" + other + "/test").status, 200);
  silent.reset();
  for (auto& each : held) EXPECT_EQ(each.get().status, 200) << "it shows that the connection was lost";
  EXPECT_EQ(api().post(test_it).status, 200) << "there is room again";
}

}  // namespace
}  // namespace posthorn::test
