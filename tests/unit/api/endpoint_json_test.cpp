// docs/contract.md section 3: the settings of an endpoint, in and out.
#include "api/endpoint_json.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace posthorn::api {
namespace {

namespace json = boost::json;

constexpr std::string_view v1_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

struct applied {
  base::result<void> outcome;
  model::endpoint endpoint;
  std::vector<std::string> made;

  [[nodiscard]] std::string pointers() const {
    std::string out;
    if (!outcome) {
      for (const auto& field : outcome.error().fields) out += field.pointer + " ";
    }
    return out;
  }
};

applied settings_from(std::string_view body,
                      model::endpoint to = model::endpoint_from_preset(model::preset::assessment)) {
  applied out{.outcome = {}, .endpoint = std::move(to), .made = {}};
  const json::value parsed = json::parse(body);
  out.outcome = apply_settings(out.endpoint, parsed.as_object(), {}, out.made);
  return out;
}

TEST(EndpointJson, ReadsEverySetting) {
  const applied all =
      settings_from(R"({"url":"https://example.com/hooks?x=1","description":"d","event_types":["a.b","c.*"],
    "filter":null,"client_certificate":null,"rate_limit":null,"success":"2xx","timeout_ms":1000,
    "auth":{"authType":"basic_auth","username":"u","password":"p"},"headers":{"X-One":"1","x-two":""},
    "signatures":[{"scheme":"x_signature"},{"scheme":"standard_v1","secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}],
    "retry":{"schedule_s":[0,1,604800],"on":"status"},"order":"none","order_wait_max_s":0,"in_flight_max":256})");
  ASSERT_TRUE(all.outcome.has_value()) << all.outcome.error().detail;
  const model::endpoint& e = all.endpoint;
  EXPECT_EQ(e.url, "https://example.com/hooks?x=1");
  EXPECT_EQ(e.event_types, (std::vector<std::string>{"a.b", "c.*"}));
  EXPECT_EQ(e.success, model::success_rule::any_2xx);
  EXPECT_EQ(e.timeout_ms, 1000);
  EXPECT_TRUE(e.auth == model::authentication(model::auth_basic{"u", "p"}));
  EXPECT_EQ(e.headers.size(), 2U);
  ASSERT_EQ(e.signatures.size(), 2U);
  EXPECT_EQ(e.signatures[1].secret, v1_secret);
  EXPECT_EQ(e.retry.schedule_s, (std::vector<std::int32_t>{0, 1, 604800}));
  EXPECT_EQ(e.retry.on, model::retry_on::status);
  EXPECT_EQ(e.order, model::order_rule::none);
  EXPECT_EQ(e.order_wait_max_s, 0);
  EXPECT_EQ(e.in_flight_max, 256);
  EXPECT_TRUE(all.made.empty());
}

TEST(EndpointJson, SecretsNeverComeBackOut) {
  for (const std::string_view auth : {R"({"authType":"bearer_token","token":"se-cret"})",
                                      R"({"authType":"basic_auth","username":"u","password":"se-cret"})",
                                      R"({"authType":"api_key","header":"X-Key","value":"se-cret"})"}) {
    const applied made =
        settings_from(R"({"signatures":[{"scheme":"standard_v1","secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
      {"scheme":"standard_v1a"}],"auth":)" +
                      std::string(auth) + "}");
    ASSERT_TRUE(made.outcome.has_value()) << made.outcome.error().detail;
    const std::string shown = json::serialize(to_json(made.endpoint, "1"));
    EXPECT_EQ(shown.find("se-cret"), std::string::npos) << shown;
    EXPECT_EQ(shown.find("whsec_"), std::string::npos) << shown;
    EXPECT_EQ(shown.find("whsk_"), std::string::npos) << shown;
    EXPECT_NE(shown.find("whpk_"), std::string::npos) << shown;
  }
}

TEST(EndpointJson, WhatIsReadCanBeSentBack) {
  const applied first = settings_from(R"({"url":"https://example.com/","auth":{"authType":"bearer_token","token":"t"},
    "signatures":[{"scheme":"standard_v1"},{"scheme":"standard_v1a"}],"headers":{"X-A":"1"}})");
  ASSERT_TRUE(first.outcome.has_value());
  json::object shown = to_json(first.endpoint, "1");
  for (const auto* name : {"id", "integration_id", "preset", "state", "state_reason", "created_at", "config_version"}) {
    shown.erase(name);
  }
  const applied second = settings_from(json::serialize(shown), first.endpoint);
  ASSERT_TRUE(second.outcome.has_value()) << second.outcome.error().detail;
  EXPECT_TRUE(second.endpoint == first.endpoint);
  EXPECT_TRUE(second.made.empty());
}

TEST(EndpointJson, MadeSecretsAreShownOnceInFull) {
  const applied made =
      settings_from(R"({"url":"https://example.com/"})", model::endpoint_from_preset(model::preset::standard));
  ASSERT_TRUE(made.outcome.has_value());
  ASSERT_EQ(made.made.size(), 1U);
  EXPECT_EQ(made.endpoint.signatures.at(0).secret, made.made[0]);
  EXPECT_NE(json::serialize(to_json(made.endpoint, "1", made.made)).find(made.made[0]), std::string::npos);
  EXPECT_EQ(json::serialize(to_json(made.endpoint, "1")).find(made.made[0]), std::string::npos);
}

TEST(EndpointJson, AChangeLeavesTheRest) {
  model::endpoint before = model::endpoint_from_preset(model::preset::learning);
  before.url = "https://example.com/";
  before.auth = model::auth_bearer{"t"};
  const applied after = settings_from(R"({"timeout_ms":2000})", before);
  before.timeout_ms = 2000;
  EXPECT_TRUE(after.endpoint == before);
}

struct refusal {
  std::string_view body;
  std::string_view pointer;
};

class EndpointRefusal : public testing::TestWithParam<refusal> {};

TEST_P(EndpointRefusal, NamesTheField) {
  const applied refused = settings_from(GetParam().body);
  EXPECT_EQ(refused.pointers(), std::string(GetParam().pointer) + " ") << GetParam().body;
}

INSTANTIATE_TEST_SUITE_P(
    All, EndpointRefusal,
    testing::Values(
        refusal{R"({"url":"http://example.com/"})", "/url"}, refusal{R"({"url":"https://u:p@example.com/"})", "/url"},
        refusal{R"({"url":7})", "/url"}, refusal{R"({"nonsense":1})", "/nonsense"},
        refusal{R"({"state":"active"})", "/state"}, refusal{R"({"preset":"learning"})", "/preset"},
        refusal{R"({"filter":{}})", "/filter"}, refusal{R"({"rate_limit":{"per_second":1}})", "/rate_limit"},
        refusal{R"({"client_certificate":"x"})", "/client_certificate"},
        refusal{R"({"event_types":[]})", "/event_types"}, refusal{R"({"event_types":"*"})", "/event_types"},
        refusal{R"({"event_types":["a","b c"]})", "/event_types/1"},
        refusal{R"({"event_types":[".*"]})", "/event_types/0"}, refusal{R"({"event_types":["a*"]})", "/event_types/0"},
        refusal{R"({"success":"201"})", "/success"}, refusal{R"({"success":200})", "/success"},
        refusal{R"({"timeout_ms":999})", "/timeout_ms"}, refusal{R"({"timeout_ms":30001})", "/timeout_ms"},
        refusal{R"({"timeout_ms":1500.5})", "/timeout_ms"}, refusal{R"({"timeout_ms":"1500"})", "/timeout_ms"},
        refusal{R"({"order":"global"})", "/order"}, refusal{R"({"order_wait_max_s":-1})", "/order_wait_max_s"},
        refusal{R"({"in_flight_max":0})", "/in_flight_max"}, refusal{R"({"in_flight_max":257})", "/in_flight_max"},
        refusal{R"({"retry":[]})", "/retry"}, refusal{R"({"retry":{"schedule_s":[]}})", "/retry/schedule_s"},
        refusal{R"({"retry":{"schedule_s":[-1]}})", "/retry/schedule_s"},
        refusal{R"({"retry":{"schedule_s":[604801]}})", "/retry/schedule_s"},
        refusal{R"({"retry":{"on":"never"}})", "/retry/on"}, refusal{R"({"retry":{"tries":3}})", "/retry/tries"}));

INSTANTIATE_TEST_SUITE_P(
    Secrets, EndpointRefusal,
    testing::Values(
        refusal{R"({"auth":"none"})", "/auth"}, refusal{R"({"auth":{}})", "/auth/authType"},
        refusal{R"({"auth":{"authType":"digest"}})", "/auth/authType"},
        refusal{R"({"auth":{"authType":"oauth2","token_url":"x"}})", "/auth/authType"},
        refusal{R"({"auth":{"authType":"none","token":"t"}})", "/auth/token"},
        refusal{R"({"auth":{"authType":"bearer_token"}})", "/auth/token"},
        refusal{R"({"auth":{"authType":"bearer_token","token":"***"}})", "/auth/token"},
        refusal{R"({"auth":{"authType":"bearer_token","token":"a b"}})", "/auth/token"},
        refusal{R"({"auth":{"authType":"bearer_token","token":"a\r\nX: 1"}})", "/auth/token"},
        refusal{R"({"auth":{"authType":"basic_auth","username":"a:b","password":"p"}})", "/auth/username"},
        refusal{R"({"auth":{"authType":"api_key","header":"Host","value":"v"}})", "/auth/header"},
        refusal{R"({"auth":{"authType":"api_key","header":"webhook-id","value":"v"}})", "/auth/header"},
        refusal{R"({"headers":[]})", "/headers"},
        refusal{R"({"headers":{"Content-Length":"1"}})", "/headers/Content-Length"},
        refusal{R"({"headers":{"Connection":"x"}})", "/headers/Connection"},
        refusal{R"({"headers":{"X-SIGNATURE":"x"}})", "/headers/X-SIGNATURE"},
        refusal{R"({"headers":{"Webhook-Anything":"x"}})", "/headers/Webhook-Anything"},
        refusal{R"({"headers":{"a b":"x"}})", "/headers/a b"}, refusal{R"({"headers":{"":"x"}})", "/headers/"},
        refusal{R"({"headers":{"X":"a\nb"}})", "/headers/X"}, refusal{R"({"headers":{"X":1}})", "/headers/X"},
        refusal{R"({"headers":{"X":"1","x":"2"}})", "/headers/x"},
        refusal{R"({"headers":{"authorization":"x"},"auth":{"authType":"bearer_token","token":"t"}})",
                "/headers/authorization"},
        refusal{R"({"signatures":{}})", "/signatures"}, refusal{R"({"signatures":["x_signature"]})", "/signatures/0"},
        refusal{R"({"signatures":[{"scheme":"hmac"}]})", "/signatures/0/scheme"},
        refusal{R"({"signatures":[{}]})", "/signatures/0/scheme"},
        refusal{R"({"signatures":[{"scheme":"x_signature","secret":"s"}]})", "/signatures/0/secret"},
        refusal{R"({"signatures":[{"scheme":"standard_v1","secret":"whsec_short"}]})", "/signatures/0/secret"},
        refusal{R"({"signatures":[{"scheme":"x_signature"},{"scheme":"x_signature"}]})", "/signatures/1/scheme"}));

}  // namespace
}  // namespace posthorn::api
