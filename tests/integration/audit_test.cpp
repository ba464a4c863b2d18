// The log of changes: every operation that changes something leaves exactly one entry, of its caller; no entry, and no
// byte of the store, has a secret in it.
#include <filesystem>
#include <fstream>
#include <set>

#include "integration/api_walk.hpp"
#include "unit/net/test_certificates.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

// What producers send all day.
const std::set<std::string> traffic = {
    "POST /v1/auth/reset",   "POST /v1/auth/invitation",          "POST /v1/events",
    "POST /v1/events/batch", "POST /v1/lesson-completions",       "POST /v1/sessions-management/tokens",
    "POST /v1/journey/link", "POST /v1/webhooks-management/test", "POST /v1/endpoints/{id}/test"};

class audit : public api_walk {
 protected:
  audit() : api_walk({.flags = {"--trusted-proxy", "127.0.0.1/32"}}) { make_first_admin(); }

  json::array entries(const api_caller& of, const std::string& query = "") const {
    const http_answer page = of.get("/v1/audit" + query);
    EXPECT_EQ(page.status, 200) << page.body;
    return page.json().at("data").as_array();
  }
  json::object newest(const api_caller& of) const {
    const json::array all = entries(of);
    return all.empty() ? json::object() : all.front().as_object();
  }
};

TEST_F(audit, has_one_entry_for_every_change_and_none_for_a_refused_one) {
  int number = 0;
  for (const operation& each : description.operations()) {
    SCOPED_TRACE(each.name());
    const tenant of = make_tenant();
    const bool by_admin = each.callers == caller_class::admin || each.callers == caller_class::company;
    const bool by_key = each.callers == caller_class::key_or_admin;
    const prepared_request request = request_for(each, of);
    http_headers headers = credentials_of(each, of);
    const std::string last = json::serialize(newest(server.admin()));

    // From elsewhere: whoever fails often has to wait.
    ++number;
    if (each.callers != caller_class::anyone) {
      http_headers wrong_key = with_key("ph_test_wrong");
      wrong_key.emplace_back("X-Forwarded-For", "198.51.100." + std::to_string(number));
      EXPECT_NE(call(request, std::move(wrong_key)).status, 0);
      prepared_request wrong = request;
      wrong.target += wrong.target.contains('?') ? "&no-such-parameter=1" : "?no-such-parameter=1";
      EXPECT_EQ(call(wrong, with_key(of.api_key)).status, 400);
      EXPECT_EQ(json::serialize(newest(server.admin())), last) << "a refused call";
    }

    const std::string request_id = "walk-" + std::to_string(number);
    headers.emplace_back("X-Request-Id", request_id);
    const http_answer done = call(request, std::move(headers));
    const json::object after = newest(server.admin());
    const bool told = each.method != "GET" || each.name() == "GET /v1/people/{uid}";
    if (!told || each.callers == caller_class::journey || traffic.contains(each.name())) {
      EXPECT_EQ(json::serialize(after), last) << "no change";
      continue;
    }
    if (each.callers == caller_class::anyone && done.status == 410) {
      EXPECT_EQ(json::serialize(after), last) << "a link that is over";
      continue;
    }
    ASSERT_LT(done.status, 300) << done.body;
    EXPECT_EQ(after.at("action"), json::value(each.name()));
    EXPECT_EQ(json::serialize(entries(server.admin(), "?limit=2").at(1)), last) << "more than one entry";
    EXPECT_EQ(after.at("actor").at("kind"), by_admin ? "admin" : by_key ? "api_key" : "member");
    EXPECT_EQ(after.at("actor").at("id").is_null(), by_admin);
    EXPECT_EQ(after.at("request_id"), json::value(request_id));
    EXPECT_EQ(after.at("remote"), "127.0.0.1");
    if (by_key) {
      EXPECT_EQ(json::serialize(newest(server.as(of.api_key))), json::serialize(after)) << "as its own key sees it";
      EXPECT_EQ(after.at("integration_id"), json::value(of.integration_id));
    }
    if (each.path.find("{id}") != std::string::npos) {
      EXPECT_NE(request.target.find(after.at("object").as_string()), std::string::npos) << after;
    }
  }
}

TEST_F(audit, tells_before_and_after) {
  const api_caller admin = server.admin();
  const json::value made = admin.post("/v1/deployments", R"({"name":"first","preset":"standard"})").json();
  const std::string deployment(made.at("id").as_string());
  const json::object creation = newest(admin);
  EXPECT_EQ(creation.at("object"), json::value(deployment));
  EXPECT_TRUE(creation.at("before").is_null());
  EXPECT_EQ(creation.at("after").at("name"), "first");
  EXPECT_EQ(creation.at("after").at("test"), made.at("environments").at("test").at("integration_id"));

  ASSERT_EQ(admin.patch("/v1/deployments/" + deployment, R"({"name":"second"})").status, 200);
  EXPECT_EQ(newest(admin).at("before"), json::parse(R"({"name":"first"})"));
  EXPECT_EQ(newest(admin).at("after"), json::parse(R"({"name":"second"})"));
  ASSERT_EQ(admin.remove("/v1/deployments/" + deployment).status, 204);
  EXPECT_EQ(newest(admin).at("before"), json::parse(R"({"name":"second"})"));
  EXPECT_TRUE(newest(admin).at("after").is_null());

  const std::string integration = "/v1/integrations/" + test_env.integration_id;
  ASSERT_EQ(api().patch(integration, R"({"retention_days":7})").status, 200);
  EXPECT_EQ(newest(api()).at("before"), json::parse(R"({"retention_days":30})"));
  EXPECT_EQ(newest(api()).at("after"), json::parse(R"({"retention_days":7})"));
  EXPECT_EQ(newest(api()).at("actor").at("id"), read(integration).at("keys").at(0).at("id"));

  const std::string endpoint = "/v1/endpoints/" + make_endpoint("https://example.com/a");
  EXPECT_EQ(newest(api()).at("after").at("url"), "https://example.com/a");
  ASSERT_EQ(api().patch(endpoint, R"({"timeout_ms":9000,"url":"https://example.com/b"})").status, 200);
  EXPECT_EQ(newest(api()).at("before"), json::parse(R"({"url":"https://example.com/a","timeout_ms":5000})"));
  EXPECT_EQ(newest(api()).at("after"), json::parse(R"({"url":"https://example.com/b","timeout_ms":9000})"));
  ASSERT_EQ(api().post(endpoint + "/pause").status, 200);
  EXPECT_EQ(newest(api()).at("before").at("state"), "active");
  EXPECT_EQ(newest(api()).at("after").at("state"), "paused");
  ASSERT_EQ(api().remove(endpoint).status, 204);
  EXPECT_EQ(newest(api()).at("before").at("url"), "https://example.com/b");
  EXPECT_TRUE(newest(api()).at("after").is_null());
}

TEST_F(audit, tells_of_certificates_and_jobs) {
  const http_answer made = api().post(
      "/v1/certificate-rules",
      R"({"name":"first","owner_id":"656f1b9ab34d5e0012ab0001","validity_days":30,"lessons":["656f1b9ab34d5e0012ab0002"]})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string rule(made.json().at("id").as_string());
  EXPECT_EQ(newest(api()).at("object"), json::value(rule));
  EXPECT_EQ(newest(api()).at("after").at("name"), "first");
  ASSERT_EQ(api().patch("/v1/certificate-rules/" + rule, R"({"validity_days":60})").status, 200);
  EXPECT_EQ(newest(api()).at("before"), json::parse(R"({"validity_days":30})"));
  EXPECT_EQ(newest(api()).at("after"), json::parse(R"({"validity_days":60})"));
  const http_answer awarded =
      api().post("/v1/certificates", R"({"rule_id":")" + rule + R"(","user_ids":["66a0c1d2e3f4a5b6c7d8e9f1"]})");
  ASSERT_EQ(awarded.status, 201) << awarded.body;
  EXPECT_EQ(newest(api()).at("after").at("state"), "valid");
  ASSERT_EQ(api().remove("/v1/certificate-rules/" + rule).status, 204);
  EXPECT_EQ(newest(api()).at("before").at("name"), "first");
  EXPECT_TRUE(newest(api()).at("after").is_null());

  const std::string endpoint = make_endpoint("https://example.com/a");
  ASSERT_EQ(api().post("/v1/endpoints/" + endpoint + "/disable").status, 200);
  ASSERT_EQ(api().post("/v1/endpoints/" + endpoint + "/recover", R"({"since":"2020-01-01T00:00:00Z"})").status, 202);
  EXPECT_EQ(newest(api()).at("object"), json::value(endpoint));
  EXPECT_EQ(newest(api()).at("before").at("state"), "disabled");
  EXPECT_EQ(newest(api()).at("after").at("state"), "active");
}

TEST_F(audit, knows_no_secret) {
  const api_caller admin = server.admin();
  std::vector<std::string> secrets = {test_env.api_key, std::string(admin_token)};
  const std::string endpoint = "/v1/endpoints/" + make_endpoint("https://example.com/a");
  net::test_authority authority;
  const net::certificate leaf = authority.issue();
  secrets.push_back(leaf.key_pem.substr(40, 60));
  const auto change = [&](const std::string& body) {
    const http_answer changed = api().patch(endpoint, body);
    EXPECT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(newest(api()).at("after").at("secrets_changed"), json::value(true)) << body;
    return changed.json();
  };
  for (const auto& [body, secret] : {
           std::pair(R"({"auth":{"authType":"bearer_token","token":"hidden-token-1"}})", "hidden-token-1"),
           std::pair(R"({"auth":{"authType":"bearer_token","token":"hidden-token-2"}})", "hidden-token-2"),
           std::pair(R"({"auth":{"authType":"basic_auth","username":"u","password":"hidden-word-3"}})",
                     "hidden-word-3"),
           std::pair(R"({"auth":{"authType":"api_key","header":"X-K","value":"hidden-value-4"}})", "hidden-value-4"),
           std::pair(R"({"auth":{"authType":"oauth2","token_url":"https://a.example.com/t","client_id":"c",
                         "client_secret":"hidden-client-5"}})",
                     "hidden-client-5"),
           std::pair(R"({"headers":{"X-Own":"hidden-header-6"}})", "hidden-header-6"),
           std::pair(R"({"signatures":[{"scheme":"standard_v1","secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}]})",
                     "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
       }) {
    change(body);
    secrets.emplace_back(secret);
  }
  change(json::serialize(
      json::object{{"client_certificate", {{"certificate_pem", leaf.pem}, {"key_pem", leaf.key_pem}}}}));
  const http_answer rotated = api().post(endpoint + "/rotate-secret", R"({"scheme":"standard_v1","overlap_s":60})");
  ASSERT_EQ(rotated.status, 200) << rotated.body;
  secrets.emplace_back(rotated.json().at("signatures").at(0).at("secret").as_string());
  const std::string integration = "/v1/integrations/" + test_env.integration_id;
  const http_answer key = api().post(integration + "/keys/rotate", R"({"overlap_s":600})");
  secrets.emplace_back(key.json().at("api_key").as_string());
  ASSERT_EQ(admin.post(integration + "/keys/reveal").status, 200);
  EXPECT_EQ(newest(admin).at("action"), "POST /v1/integrations/{integration_id}/keys/reveal");
  ASSERT_EQ(api().remove(endpoint).status, 204);

  std::string told = admin.get("/v1/audit?limit=500").body;
  server.terminate();
  for (const auto& file : std::filesystem::directory_iterator(server.data())) {
    if (file.path().extension() == ".key") continue;
    std::ifstream in(file.path(), std::ios::binary);
    told.append(std::istreambuf_iterator<char>(in), {});
  }
  told += server.log();
  for (const std::string& secret : secrets) {
    EXPECT_EQ(told.find(secret), std::string::npos) << secret << " stands in an entry, the store or the program's log";
  }
}

TEST_F(audit, is_paged_and_shows_each_integration_its_own) {
  const environment other = make_deployment("other", "learning");
  for (int i = 0; i < 5; ++i) make_endpoint("https://example.com/" + std::to_string(i));
  ASSERT_EQ(server.as(other.api_key).post("/v1/endpoints", R"({"url":"https://example.com/theirs"})").status, 201);
  EXPECT_EQ(entries(server.as(other.api_key)).size(), 1U);
  EXPECT_EQ(entries(server.admin(), "?integration_id=" + test_env.integration_id).size(), 5U);
  std::vector<std::string> seen;
  std::string cursor;
  do {
    const json::value page = read("/v1/audit?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
    for (const json::value& each : page.at("data").as_array())
      seen.emplace_back(each.at("after").at("url").as_string());
    cursor = page.at("next_cursor").is_null() ? "" : std::string(page.at("next_cursor").as_string());
  } while (!cursor.empty());
  EXPECT_EQ(seen, (std::vector<std::string>{"https://example.com/4", "https://example.com/3", "https://example.com/2",
                                            "https://example.com/1", "https://example.com/0"}));
}

TEST_F(audit, outlives_a_kill_with_the_change_that_it_tells_of) {
  const std::string endpoint = make_endpoint("https://example.com/kept");
  server.kill();
  server.start();
  EXPECT_EQ(newest(api()).at("object"), json::value(endpoint));
}

}  // namespace
}  // namespace posthorn::test
