// docs/contract.md section 3: the settings of an endpoint, in and out.
#include "api/endpoint_json.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <boost/json.hpp>

#include "unit/net/test_certificates.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;

constexpr std::string_view v1_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

std::string certificate_json(const net::certificate& of) {
  return json::serialize(json::object{{"certificate_pem", of.pem}, {"key_pem", of.key_pem}});
}

std::string under_passphrase(const std::string& key_pem) {
  BIO* const in = BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size()));
  BIO* const out = BIO_new(BIO_s_mem());
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(in, nullptr, nullptr, nullptr);
  PEM_write_bio_PKCS8PrivateKey(out, key, EVP_aes_128_cbc(), "x", 1, nullptr, nullptr);
  char* text = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(out, &text));
  std::string made(text, size);
  EVP_PKEY_free(key);
  BIO_free(in);
  BIO_free(out);
  return made;
}

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
    "filter":{"pointer":"/n","ge":1},"client_certificate":null,"rate_limit":{"per_second":5,"burst":7},
    "health":{"failures_min":3,"failure_percent_min":40,"window_s":30,"disable_after_s":0},"success":"2xx","timeout_ms":1000,
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
  EXPECT_EQ(json::parse(e.filter), json::parse(R"({"pointer":"/n","ge":1})"));
  EXPECT_TRUE(e.rate == (model::rate_limit{5, 7}));
  EXPECT_TRUE(e.health == (model::health_setting{3, 40, 30, 0}));
  EXPECT_TRUE(all.made.empty());
}

TEST(EndpointJson, SecretsNeverComeBackOut) {
  for (const std::string_view auth : {R"({"authType":"bearer_token","token":"se-cret"})",
                                      R"({"authType":"basic_auth","username":"u","password":"se-cret"})",
                                      R"({"authType":"api_key","header":"X-Key","value":"se-cret"})",
                                      R"({"authType":"oauth2","token_url":"https://example.com/token",
                                          "client_id":"c","client_secret":"se-cret"})"}) {
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

TEST(EndpointJson, TheMaskOfACustomHeaderKeepsTheStoredValueAndStandsForNoOther) {
  const applied stored = settings_from(R"({"headers":{"X-Key":"se-cret","X-Other":""}})");
  EXPECT_EQ(to_json(stored.endpoint, "1").at("headers"), json::parse(R"({"X-Key":"***","X-Other":"***"})"));
  const applied kept = settings_from(R"({"headers":{"X-Other":"new","x-key":"***"}})", stored.endpoint);
  ASSERT_TRUE(kept.outcome.has_value()) << kept.outcome.error().detail;
  EXPECT_EQ(kept.endpoint.headers,
            (std::vector<std::pair<std::string, std::string>>{{"X-Other", "new"}, {"x-key", "se-cret"}}));
  const applied unknown = settings_from(R"({"headers":{"X-Key":"***","X-New":"***"}})", stored.endpoint);
  ASSERT_FALSE(unknown.outcome.has_value());
  EXPECT_EQ(unknown.outcome.error().code, base::fault::invalid_field);
  EXPECT_EQ(unknown.outcome.error().fields.at(0).pointer, "/headers/X-New");
}

TEST(EndpointJson, WhatIsReadCanBeSentBack) {
  const net::certificate leaf = net::test_authority().issue();
  const applied first = settings_from(R"({"url":"https://example.com/","auth":{"authType":"bearer_token","token":"t"},
    "signatures":[{"scheme":"standard_v1"},{"scheme":"standard_v1a"}],"headers":{"X-A":"1"},
    "filter":{"all":[{"pointer":"/n","equals":1.5},{"not":{"pointer":"/a~1b","in":[null,"x"]}}]},
    "rate_limit":{"per_second":9},"health":{"window_s":5},"client_certificate":)" +
                                      certificate_json(leaf) + "}");
  ASSERT_TRUE(first.outcome.has_value()) << first.outcome.error().detail;
  json::object shown = to_json(first.endpoint, "1");
  for (const auto* name :
       {"id", "integration_id", "preset", "kind", "state", "state_reason", "created_at", "config_version"}) {
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

TEST(EndpointJson, NullTakesASettingAway) {
  model::endpoint before;
  before.filter = R"({"pointer":"/n","ge":1})";
  before.rate = {5, 5};
  before.certificate.emplace();
  const applied after = settings_from(R"({"filter":null,"rate_limit":null,"client_certificate":null})", before);
  ASSERT_TRUE(after.outcome.has_value());
  EXPECT_TRUE(after.endpoint.filter.empty());
  EXPECT_FALSE(after.endpoint.rate.has_value());
  EXPECT_FALSE(after.endpoint.certificate.has_value());
}

TEST(EndpointJson, ReadsOauth2) {
  constexpr std::string_view body = R"({"auth":{"authType":"oauth2","token_url":"https://example.com/token",
    "client_id":"c","client_secret":"s","scope":"a b:c"}})";
  const applied made = settings_from(body);
  ASSERT_TRUE(made.outcome.has_value()) << made.outcome.error().detail;
  const model::auth_oauth2 wanted{"https://example.com/token", "c", "s", "a b:c"};
  EXPECT_TRUE(made.endpoint.auth == model::authentication(wanted));
  const applied again = settings_from(R"({"auth":{"authType":"oauth2","token_url":"https://example.com/other",
    "client_id":"c","client_secret":"***"}})",
                                      made.endpoint);
  ASSERT_TRUE(again.outcome.has_value()) << again.outcome.error().detail;
  const model::auth_oauth2 changed{"https://example.com/other", "c", "s", ""};
  EXPECT_TRUE(again.endpoint.auth == model::authentication(changed));
}

TEST(EndpointJson, TheAddressGuardJudgesTokenUrlsToo) {
  const net::address_guard guard;
  model::endpoint to;
  std::vector<std::string> made;
  const json::value body = json::parse(
      R"({"auth":{"authType":"oauth2","token_url":"https://169.254.169.254/token","client_id":"c","client_secret":"s"}})");
  const auto refused = apply_settings(to, body.as_object(), {.allow_http = false, .guard = &guard}, made);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().fields.at(0).pointer, "/auth/token_url");
}

TEST(EndpointJson, ACertificateShowsWhoseItIsAndWhenItExpires) {
  const net::test_authority authority;
  net::certificate leaf = authority.issue();
  leaf.pem += authority.own().pem;
  const applied made = settings_from(R"({"client_certificate":)" + certificate_json(leaf) + "}");
  ASSERT_TRUE(made.outcome.has_value()) << made.outcome.error().detail;
  const json::object shown = to_json(made.endpoint, "1");
  const json::object& certificate = shown.at("client_certificate").as_object();
  EXPECT_EQ(certificate.at("certificate_pem").as_string(), leaf.pem);
  EXPECT_EQ(certificate.at("key_pem").as_string(), "***");
  EXPECT_EQ(certificate.at("subject").as_string(), "CN=Test Leaf");
  EXPECT_FALSE(certificate.at("expires_at").is_null());
}

TEST(EndpointJson, ABadCertificateIsRefusedByPlace) {
  const net::test_authority authority;
  const net::certificate one = authority.issue();
  const net::certificate other = authority.issue();
  const auto pointer = [](const net::certificate& of) {
    return settings_from(R"({"client_certificate":)" + certificate_json(of) + "}").pointers();
  };
  EXPECT_EQ(pointer({one.pem, other.key_pem}), "/client_certificate/key_pem ");
  EXPECT_EQ(pointer({one.pem, one.pem}), "/client_certificate/key_pem ");
  EXPECT_EQ(pointer({one.pem, "***"}), "/client_certificate/key_pem ");
  EXPECT_EQ(pointer({"no PEM", one.key_pem}), "/client_certificate/certificate_pem ");
  EXPECT_EQ(pointer({one.key_pem, one.key_pem}), "/client_certificate/certificate_pem ");
  EXPECT_EQ(pointer({one.pem + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", one.key_pem}),
            "/client_certificate/certificate_pem ");
  EXPECT_EQ(pointer({one.pem, under_passphrase(one.key_pem)}), "/client_certificate/key_pem ");
}

class SecretRotation : public testing::Test {
 protected:
  base::result<void> rotate(std::string_view body) {
    made_.clear();
    const json::value parsed = json::parse(body);
    return rotate_secret(endpoint_, parsed.as_object(), 1'000'000, made_);
  }
  std::string refused(std::string_view body) {
    const model::endpoint before = endpoint_;
    const auto outcome = rotate(body);
    EXPECT_TRUE(endpoint_ == before);
    return outcome ? "" : outcome.error().fields.at(0).pointer;
  }

  model::endpoint endpoint_ = settings_from(R"({"signatures":[{"scheme":"x_signature"},{"scheme":"standard_v1",
    "secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}]})")
                                  .endpoint;
  std::vector<std::string> made_;
};

TEST_F(SecretRotation, KeepsTheOneBeforeUntilTheOverlapEnds) {
  ASSERT_TRUE(rotate(R"({"overlap_s":60})").has_value());
  const model::signature_setting after = endpoint_.signatures.at(1);
  EXPECT_EQ(after.secret, made_.at(0));
  EXPECT_NE(after.secret, v1_secret);
  EXPECT_EQ(after.previous_secret, v1_secret);
  EXPECT_EQ(after.previous_until, 1'060'000);
  const std::string shown = json::serialize(to_json(endpoint_, "1", made_));
  EXPECT_NE(shown.find(after.secret), std::string::npos);
  EXPECT_NE(shown.find(R"("previous_until":"1970-01-01T00:17:40)"), std::string::npos) << shown;
  EXPECT_EQ(shown.find(v1_secret), std::string::npos);
}

TEST_F(SecretRotation, ADayIsTheDefaultAndZeroEndsItAtOnce) {
  ASSERT_TRUE(rotate("{}").has_value());
  EXPECT_EQ(endpoint_.signatures.at(1).previous_until, 1'000'000 + 86'400'000);
  ASSERT_TRUE(rotate(R"({"overlap_s":0,"scheme":"standard_v1"})").has_value());
  EXPECT_EQ(endpoint_.signatures.at(1).previous_until, 0);
  EXPECT_EQ(endpoint_.signatures.at(1).previous_secret, "");
}

TEST_F(SecretRotation, TakesASecretOfTheCallers) {
  ASSERT_TRUE(rotate(R"({"secret":"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"})").has_value());
  EXPECT_EQ(endpoint_.signatures.at(1).secret, "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
}

TEST_F(SecretRotation, OutlivesAChangeThatLeavesTheSecret) {
  ASSERT_TRUE(rotate("{}").has_value());
  const json::value shown = to_json(endpoint_, "1");
  const applied after = settings_from(R"({"signatures":)" + json::serialize(shown.at("signatures")) + "}", endpoint_);
  ASSERT_TRUE(after.outcome.has_value()) << after.outcome.error().detail;
  EXPECT_TRUE(after.endpoint == endpoint_);
}

TEST_F(SecretRotation, RefusesNamingTheField) {
  EXPECT_EQ(refused(R"({"overlap_s":-1})"), "/overlap_s");
  EXPECT_EQ(refused(R"({"overlap_s":2592001})"), "/overlap_s");
  EXPECT_EQ(refused(R"({"scheme":"x_signature"})"), "/scheme");
  EXPECT_EQ(refused(R"({"scheme":"standard_v1a"})"), "/scheme");
  EXPECT_EQ(refused(R"({"secret":"whsec_short"})"), "/secret");
  EXPECT_EQ(refused(R"({"secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})"), "/secret");
  EXPECT_EQ(refused(R"({"overlap":1})"), "/overlap");
  endpoint_.signatures.push_back({.scheme = model::signature_scheme::standard_v1a});
  EXPECT_EQ(refused("{}"), "/scheme");
  endpoint_.signatures.clear();
  EXPECT_EQ(refused("{}"), "/scheme");
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
        refusal{R"({"filter":{}})", "/filter"}, refusal{R"({"filter":"x"})", "/filter"},
        refusal{R"({"filter":{"all":[{"pointer":"/a","exists":1}]}})", "/filter/all/0/exists"},
        refusal{R"({"kind":"operational"})", "/kind"}, refusal{R"({"rate_limit":50})", "/rate_limit"},
        refusal{R"({"rate_limit":{"burst":1}})", "/rate_limit/per_second"},
        refusal{R"({"rate_limit":{"per_second":0}})", "/rate_limit/per_second"},
        refusal{R"({"rate_limit":{"per_second":10001,"burst":1}})", "/rate_limit/per_second"},
        refusal{R"({"rate_limit":{"per_second":1,"burst":0}})", "/rate_limit/burst"},
        refusal{R"({"rate_limit":{"per_second":1,"burst":100001}})", "/rate_limit/burst"},
        refusal{R"({"rate_limit":{"per_second":1,"per_minute":1}})", "/rate_limit/per_minute"},
        refusal{R"({"health":null})", "/health"}, refusal{R"({"health":{"failures":1}})", "/health/failures"},
        refusal{R"({"health":{"failures_min":0}})", "/health/failures_min"},
        refusal{R"({"health":{"failures_min":10001}})", "/health/failures_min"},
        refusal{R"({"health":{"failure_percent_min":0}})", "/health/failure_percent_min"},
        refusal{R"({"health":{"failure_percent_min":101}})", "/health/failure_percent_min"},
        refusal{R"({"health":{"window_s":0}})", "/health/window_s"},
        refusal{R"({"health":{"window_s":3601}})", "/health/window_s"},
        refusal{R"({"health":{"disable_after_s":-1}})", "/health/disable_after_s"},
        refusal{R"({"health":{"disable_after_s":31536001}})", "/health/disable_after_s"},
        refusal{R"({"client_certificate":"x"})", "/client_certificate"},
        refusal{R"({"client_certificate":{"certificate_pem":"x"}})", "/client_certificate/key_pem"},
        refusal{R"({"client_certificate":{"key_pem":"x"}})", "/client_certificate/certificate_pem"},
        refusal{R"({"client_certificate":{"certificate_pem":"x","key_pem":"y","password":"z"}})",
                "/client_certificate/password /client_certificate/certificate_pem"},
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
        refusal{R"({"auth":{"authType":"oauth2","client_id":"c","client_secret":"s"}})", "/auth/token_url"},
        refusal{
            R"({"auth":{"authType":"oauth2","token_url":"http://example.com/","client_id":"c","client_secret":"s"}})",
            "/auth/token_url"},
        refusal{R"({"auth":{"authType":"oauth2","token_url":"https://example.com/","client_id":"c"}})",
                "/auth/client_secret"},
        refusal{R"({"auth":{"authType":"oauth2","token_url":"https://example.com/","client_secret":"s"}})",
                "/auth/client_id"},
        refusal{
            R"({"auth":{"authType":"oauth2","token_url":"https://example.com/","client_id":"ä","client_secret":"s"}})",
            "/auth/client_id"},
        refusal{
            R"({"auth":{"authType":"oauth2","token_url":"https://example.com/","client_id":"c","client_secret":"***"}})",
            "/auth/client_secret"},
        refusal{
            R"({"auth":{"authType":"oauth2","token_url":"https://example.com/","client_id":"c","client_secret":"s","scope":"a\"b"}})",
            "/auth/scope"},
        refusal{
            R"({"auth":{"authType":"oauth2","token_url":"https://example.com/","client_id":"c","client_secret":"s","audience":"x"}})",
            "/auth/audience"},
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
