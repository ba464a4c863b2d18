// Every setting of an endpoint (contract section 3) through the real server: shown with secrets masked, the same after
// a restart, and refused by name where it is wrong.
#include "integration/platform.hpp"
#include "unit/net/test_certificates.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

class settings : public platform {
 protected:
  json::object everything() {
    return json::parse(R"({"url":"https://example.com/hooks?tenant=1","description":"all of it","preset":"learning",
      "kind":"events","event_types":["a.b","c.*"],
      "filter":{"all":[{"pointer":"/score","ge":700,"lt":800.5},{"not":{"pointer":"/a~1b","in":["x",null,{"k":[1]}]}}]},
      "success":"200","timeout_ms":7500,
      "auth":{"authType":"oauth2","token_url":"https://auth.example.com/token","client_id":"posthorn",
              "client_secret":"hidden-client-secret","scope":"events.write events.read"},
      "headers":{"X-Tenant":"acme","X-Empty":""},
      "signatures":[{"scheme":"x_signature"},{"scheme":"standard_v1","secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
                    {"scheme":"standard_v1a"}],
      "retry":{"schedule_s":[1,2,3],"on":"any_failure"},"order":"uid","order_wait_max_s":30,
      "rate_limit":{"per_second":20,"burst":40},"in_flight_max":4,
      "health":{"failures_min":3,"failure_percent_min":75,"window_s":120,"disable_after_s":3600}})")
        .as_object();
  }

  net::test_authority authority;
};

TEST_F(settings, survive_a_restart_and_show_no_secret) {
  json::object wanted = everything();
  const net::certificate leaf = authority.issue();
  wanted["client_certificate"] = json::object{{"certificate_pem", leaf.pem}, {"key_pem", leaf.key_pem}};
  const http_answer created = api().post("/v1/endpoints", json::serialize(wanted));
  ASSERT_EQ(created.status, 201) << created.body;
  const json::value made = created.json();
  const std::string at = "/v1/endpoints/" + std::string(made.at("id").as_string());
  ASSERT_EQ(api().post(at + "/rotate-secret", R"({"scheme":"standard_v1","overlap_s":3600})").status, 200);
  ASSERT_EQ(api().post(at + "/pause").status, 200);

  const json::value before = read(at);
  for (const char* name : {"url", "description", "preset", "kind", "event_types", "filter", "success", "timeout_ms",
                           "retry", "order", "order_wait_max_s", "rate_limit", "in_flight_max", "health"}) {
    EXPECT_EQ(before.at(name), wanted.at(name)) << name;
  }
  EXPECT_EQ(before.at("headers"), (json::value{{"X-Tenant", "***"}, {"X-Empty", "***"}}));
  EXPECT_EQ(before.at("auth").at("client_secret").as_string(), "***");
  EXPECT_EQ(before.at("auth").at("scope"), wanted.at("auth").at("scope"));
  EXPECT_EQ(before.at("client_certificate").at("certificate_pem").as_string(), leaf.pem);
  EXPECT_TRUE(before.at("client_certificate").at("expires_at").is_string());
  EXPECT_TRUE(before.at("signatures").at(1).at("previous_until").is_string());
  EXPECT_EQ(before.at("signatures").at(2).at("public_key"), made.at("signatures").at(2).at("public_key"));
  const std::string shown = json::serialize(before);
  for (const std::string_view secret : {"hidden-client-secret", "whsec_", "whsk_", "PRIVATE KEY"}) {
    EXPECT_EQ(shown.find(secret), std::string::npos) << secret;
  }

  server.restart();
  EXPECT_EQ(read(at), before);
}

TEST_F(settings, of_a_preset_are_what_its_endpoints_begin_with) {
  const json::value presets = read("/v1/endpoint-presets").at("data");
  ASSERT_EQ(presets.as_array().size(), 3u);
  for (const json::value& preset : presets.as_array()) {
    const json::object wanted{{"url", "https://example.com/"}, {"preset", preset.at("preset")}};
    const http_answer created = api().post("/v1/endpoints", json::serialize(wanted));
    ASSERT_EQ(created.status, 201) << created.body;
    json::value made = created.json();
    for (json::value& each : made.at("signatures").as_array()) {
      each = json::object{{"scheme", each.at("scheme")}};  // the rest is made with the endpoint
    }
    for (const auto& [name, value] : preset.as_object()) EXPECT_EQ(made.at(name), value) << name;
  }
}

TEST_F(settings, go_back_to_null) {
  json::object wanted = everything();
  const net::certificate leaf = authority.issue();
  wanted["client_certificate"] = json::object{{"certificate_pem", leaf.pem}, {"key_pem", leaf.key_pem}};
  const http_answer created = api().post("/v1/endpoints", json::serialize(wanted));
  ASSERT_EQ(created.status, 201) << created.body;
  const std::string at = "/v1/endpoints/" + std::string(created.json().at("id").as_string());
  const http_answer changed =
      api().patch(at, R"({"filter":null,"rate_limit":null,"client_certificate":null,"auth":{"authType":"none"}})");
  ASSERT_EQ(changed.status, 200) << changed.body;
  server.restart();
  const json::value after = read(at);
  for (const char* name : {"filter", "rate_limit", "client_certificate"}) EXPECT_TRUE(after.at(name).is_null()) << name;
  EXPECT_EQ(after.at("auth"), json::parse(R"({"authType":"none"})"));
}

TEST_F(settings, that_are_wrong_are_refused_by_name) {
  const struct {
    std::string_view settings;
    std::string_view pointer;
  } rows[] = {
      {R"("colour":"red")", "/colour"},
      {R"("kind":"both")", "/kind"},
      {R"("preset":"mine")", "/preset"},
      {R"("event_types":["a b"])", "/event_types/0"},
      {R"("filter":{"any":[{"pointer":"x","exists":true}]})", "/filter/any/0/pointer"},
      {R"("filter":[])", "/filter"},
      {R"("success":"3xx")", "/success"},
      {R"("timeout_ms":1)", "/timeout_ms"},
      {R"("auth":{"authType":"oauth2","token_url":"ftp://example.com/","client_id":"c","client_secret":"s"})",
       "/auth/token_url"},
      {R"("auth":{"authType":"oauth2","token_url":"https://169.254.169.254/","client_id":"c","client_secret":"s"})",
       "/auth/token_url"},
      {R"("client_certificate":{"certificate_pem":"x","key_pem":"y"})", "/client_certificate/certificate_pem"},
      {R"("headers":{"Host":"x"})", "/headers/Host"},
      {R"("signatures":[{"scheme":"md5"}])", "/signatures/0/scheme"},
      {R"("retry":{"schedule_s":[]})", "/retry/schedule_s"},
      {R"("order":"type")", "/order"},
      {R"("order_wait_max_s":-1)", "/order_wait_max_s"},
      {R"("rate_limit":{"per_second":0})", "/rate_limit/per_second"},
      {R"("in_flight_max":0)", "/in_flight_max"},
      {R"("health":{"window_s":0})", "/health/window_s"},
  };
  for (const auto& row : rows) {
    const http_answer refused =
        api().post("/v1/endpoints", R"({"url":"https://example.com/",)" + std::string(row.settings) + "}");
    EXPECT_EQ(refused.status, 422) << row.settings;
    EXPECT_EQ(refused.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(refused.json().at("errors").at(0).at("pointer").as_string(), row.pointer) << refused.body;
  }
  EXPECT_TRUE(read("/v1/endpoints").at("data").as_array().empty());
}

TEST_F(settings, filters_and_kinds_decide_who_gets_an_event) {
  make_endpoint(receiver.url("/high"), R"(,"filter":{"pointer":"/event/details/score","ge":700})");
  make_endpoint(receiver.url("/news"), R"(,"kind":"operational")");
  const auto scored = [](int score) {
    return R"({"type":"a.b","uid":"user-00001","details":{"score":)" + std::to_string(score) + "}}";
  };
  const accepted low = send(scored(699));
  EXPECT_TRUE(low.deliveries.empty());
  EXPECT_EQ(read("/v1/events/" + low.id).at("state").as_string(), "unrouted");
  const accepted high = send(scored(700));
  ASSERT_EQ(high.deliveries.size(), 1u);
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  EXPECT_EQ(receiver.requests().front().path, "/high");
}

TEST_F(settings, a_changed_filter_judges_the_next_event) {
  const std::string endpoint = make_endpoint(receiver.url(), R"(,"filter":{"pointer":"/n","equals":1})");
  EXPECT_EQ(send_numbered("user-00001", 2).deliveries.size(), 0u);
  ASSERT_EQ(api().patch("/v1/endpoints/" + endpoint, R"({"filter":{"pointer":"/n","equals":2}})").status, 200);
  EXPECT_EQ(send_numbered("user-00001", 2).deliveries.size(), 1u);
  EXPECT_EQ(send_numbered("user-00001", 1).deliveries.size(), 0u);
  server.restart();
  EXPECT_EQ(send_numbered("user-00001", 2).deliveries.size(), 1u);
}

// Contract 2.3.
TEST_F(settings, an_api_key_signs_until_its_overlap_ends) {
  make_endpoint(receiver.url());
  const std::string old_key = test_env.api_key;
  const http_answer rotated =
      api().post("/v1/integrations/" + test_env.integration_id + "/keys/rotate", R"({"overlap_s":3})");
  ASSERT_EQ(rotated.status, 201) << rotated.body;
  test_env.api_key = rotated.json().at("api_key").as_string();

  send_numbered("user-00001", 0);
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  EXPECT_TRUE(is_signed_with(receiver.requests().back(), {old_key}));
  EXPECT_EQ(server.as(old_key).get("/v1/endpoints").status, 200) << "both authenticate meanwhile";

  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  for (std::size_t sent = 2; is_signed_with(receiver.requests().back(), {old_key}); ++sent) {
    ASSERT_LT(std::chrono::steady_clock::now(), until) << "the old key still signs";
    send_numbered("user-00001", 1);
    ASSERT_TRUE(receiver.wait_for_accepted(sent));
  }
  EXPECT_TRUE(is_signed_with(receiver.requests().back(), {test_env.api_key}));
  EXPECT_EQ(server.as(old_key).get("/v1/endpoints").status, 401);
}

}  // namespace
}  // namespace posthorn::test
