// openapi.yaml against the running server, both ways: every operation is called as its own example says, every answer
// met on the way has only documented fields of the documented types, and every documented field was met.
#include <set>

#include "integration/api_walk.hpp"
#include "integration/journey.hpp"
#include "support/answer_check.hpp"
#include "unit/net/test_certificates.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

// Fields that a server in good order has no occasion to show.
const std::set<std::string> rarely_shown = {
    "readiness.reason",  // of a store that cannot write
};

constexpr std::string_view tests_webhooks = "/v1/webhooks-management/test";
constexpr std::string_view sets_up = "/v1/auth/setup";
constexpr std::string_view ends_reset = "/v1/auth/reset/confirm";

class description_walk : public api_walk {
 protected:
  description_walk() : api_walk({.flags = {"--allow-http-endpoints", "--allow-private-endpoints"}}) {}

  http_answer ask(const operation& what, const prepared_request& request, http_headers credentials) {
    const http_answer given = call(request, std::move(credentials));
    for (const std::string& problem : check.look_at(what, given)) {
      ADD_FAILURE() << what.name() << ": " << problem;
    }
    return given;
  }

  // With the caller that the operation asks for.
  http_answer ask(const operation& what, const tenant& of) {
    return ask(what, request_for(what, of), credentials_of(what, of));
  }

  const operation& find(std::string_view method, std::string_view path) const {
    for (const operation& each : description.operations()) {
      if (each.method == method && each.path == path) return each;
    }
    throw std::runtime_error("no operation " + std::string(path));
  }

  http_answer send(const tenant& by, std::string_view method, std::string_view path, std::string target,
                   std::string body = {}) {
    const operation& what = find(method, path);
    return ask(what, {what.method, std::move(target), what.content_type, std::move(body)}, credentials_of(what, by));
  }

  void call_every_operation();
  void refuse_every_operation();
  void show_endpoints_of_every_form(const tenant& of);
  void show_sessions_of_every_kind(const tenant& of);
  void show_people(const tenant& of);
  void show_attempts_of_every_outcome(const tenant& of);
  void show_tests(const tenant& of);
  void show_the_log_of_refused_calls(const tenant& of);

  answer_check check{description};
};

void description_walk::call_every_operation() {
  EXPECT_EQ(ask(find("POST", sets_up), tenant()).status, 201);
  for (const operation& each : description.operations()) {
    if (each.path == tests_webhooks) continue;  // it needs a receiver: show_tests
    if (each.path == sets_up) continue;         // once, before all others
    if (each.path == ends_reset) continue;      // it needs a mail
    const http_answer given = ask(each, make_tenant());
    EXPECT_TRUE(given.status >= 200 && given.status < 400)
        << each.name() << " as in its example: " << given.status << " " << given.body;
  }
}

void description_walk::refuse_every_operation() {
  const tenant of = make_tenant();
  for (const operation& each : description.operations()) {
    if (each.callers != caller_class::anyone) {
      EXPECT_GE(ask(each, request_for(each, of), {}).status, 400) << each.name();
    }
    if (each.path.starts_with("/console/")) continue;  // the page reads its query, the server does not
    prepared_request odd = request_for(each, of);
    odd.target += odd.target.find('?') == std::string::npos ? "?no-such-parameter=1" : "&no-such-parameter=1";
    EXPECT_EQ(ask(each, odd, credentials_of(each, of)).status, 400) << each.name();
    if (each.content_type != "application/json") continue;
    prepared_request wrong = request_for(each, of);
    wrong.body = R"({"no_such_field":1})";
    EXPECT_EQ(ask(each, wrong, credentials_of(each, of)).status, 422) << each.name();
    wrong.body = "{";
    EXPECT_EQ(ask(each, wrong, credentials_of(each, of)).status, each.has_plain_errors() ? 422 : 400) << each.name();
  }
}

void description_walk::show_endpoints_of_every_form(const tenant& of) {
  for (
      const std::string_view auth :
      {R"({"authType":"bearer_token","token":"t"})", R"({"authType":"basic_auth","username":"u","password":"p"})",
       R"({"authType":"api_key","header":"X-Key","value":"v"})",
       R"({"authType":"oauth2","token_url":"https://auth.example.com/t","client_id":"c","client_secret":"s","scope":"a"})"}) {
    const http_answer made = send(of, "POST", "/v1/endpoints", "/v1/endpoints",
                                  R"({"url":"https://example.com/h","auth":)" + std::string(auth) + "}");
    EXPECT_EQ(made.status, 201) << made.body;
  }
  const http_answer filtered =
      send(of, "POST", "/v1/endpoints", "/v1/endpoints",
           R"({"url":"https://example.com/h","rate_limit":{"per_second":5},"headers":{"X-A":"b"},
               "filter":{"all":[{"any":[{"pointer":"/a","equals":1,"exists":true}]},{"not":{"pointer":"/b","in":[2]}},
                                {"pointer":"/c","lt":9,"le":9,"gt":1,"ge":1}]}})");
  EXPECT_EQ(filtered.status, 201) << filtered.body;
  net::test_authority authority;
  const net::certificate leaf = authority.issue();
  const json::object with_certificate{
      {"url", "https://example.com/h"},
      {"client_certificate", {{"certificate_pem", leaf.pem}, {"key_pem", leaf.key_pem}}}};
  const http_answer certified = send(of, "POST", "/v1/endpoints", "/v1/endpoints", json::serialize(with_certificate));
  EXPECT_EQ(certified.status, 201) << certified.body;
  send(of, "GET", "/v1/endpoints", "/v1/endpoints");
  const std::string keys = "/v1/integrations/" + of.integration_id;
  send(of, "POST", "/v1/integrations/{integration_id}/keys/rotate", keys + "/keys/rotate", R"({"overlap_s":60})");
  send(of, "GET", "/v1/integrations/{integration_id}", keys);
}

void description_walk::show_sessions_of_every_kind(const tenant& of) {
  const auto walk = [&](const std::string& token, std::string_view method, std::string_view path,
                        std::string body = {}) {
    const operation& what = find(method, path);
    return ask(what, {what.method, what.path, what.content_type, std::move(body)}, with_bearer(token));
  };
  const std::string page = make_session(of);
  walk(page, "POST", "/v1/journey/submit", R"({"anyway":false})");
  EXPECT_EQ(walk(page, "POST", "/v1/journey/answers", every_answer(4)).status, 200);
  EXPECT_EQ(walk(page, "POST", "/v1/journey/answers", R"({"visit":"k3J","focus_lost":1,"away_ms":500})").status, 200);
  EXPECT_EQ(walk(page, "POST", "/v1/journey/submit", R"({"anyway":false})").status, 200);
  EXPECT_EQ(walk(page, "POST", "/v1/journey/answers", every_answer(4)).status, 410);
  EXPECT_EQ(walk(page, "POST", "/v1/journey/device", whole_device).status, 410);
  const std::string device = make_session(of, "ANDROID");
  EXPECT_EQ(walk(device, "GET", "/v1/journey").status, 200);
  EXPECT_EQ(walk(device, "POST", "/v1/journey/answers", every_answer(4)).status, 409);
  EXPECT_EQ(walk(device, "POST", "/v1/journey/device", whole_device).status, 200);
  EXPECT_EQ(walk(device, "POST", "/v1/journey/submit", R"({"anyway":false})").status, 200);
  EXPECT_EQ(walk(make_session(of, "WEB", false), "POST", "/v1/journey/answers", "{}").status, 409);
  send(of, "GET", "/v1/sessions", "/v1/sessions");
  const boost::json::value ended = send(of, "GET", "/v1/results", "/v1/results?state=scored").json();
  for (const auto& each : ended.at("data").as_array()) {
    send(of, "GET", "/v1/results/{session_id}", "/v1/results/" + std::string(each.at("session_id").as_string()));
  }
  send(of, "PATCH", "/v1/integrations/{integration_id}", "/v1/integrations/" + of.integration_id,
       R"({"assessment":{"external_scorer":{"url":"https://scores.invalid/"}}})");
}

void description_walk::show_people(const tenant& of) {
  const std::string user = "5e1f00d5e1f00d5e1f00d501";
  EXPECT_EQ(send(of, "POST", "/v1/lesson-completions", "/v1/lesson-completions",
                 R"({"user_id":")" + user + R"(","lesson_id":"1e550000000000000000000a"})")
                .status,
            200);
  const boost::json::value sessions = server.as(of.api_key).get("/v1/sessions?state=scored").json();
  const std::string taker(sessions.at("data").at(0).at("uid").as_string());
  const std::string invited = "walk-invited-1";
  EXPECT_EQ(server.as(of.api_key).post("/v1/link-batches", R"({"name":"one","uids":["walk-invited-1"]})").status, 202);
  for (const std::string& uid : {user, taker, invited}) send(of, "GET", "/v1/people/{uid}", "/v1/people/" + uid);
  EXPECT_EQ(send(of, "DELETE", "/v1/people/{uid}", "/v1/people/walk-uid-1").status, 409) << "its event is parked";
}

void description_walk::show_attempts_of_every_outcome(const tenant& of) {
  receiver.answer_with([](const received_request&, int) { return reply{.status = 500}; });
  const http_answer made = send(of, "POST", "/v1/endpoints", "/v1/endpoints",
                                R"({"url":")" + receiver.url() + R"(","retry":{"schedule_s":[0,3600]}})");
  ASSERT_EQ(made.status, 201) << made.body;
  const accepted event = read_accepted(
      send(of, "POST", "/v1/events", "/v1/events", R"({"type":"walk.tried","uid":"walker-2","payload":{}})").json());
  const std::string delivery = event.deliveries.back();
  const std::string at = "/v1/deliveries/" + delivery;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (server.as(of.api_key).get(at).json().at("state") != "retrying" && std::chrono::steady_clock::now() < until) {
  }
  const http_answer tried = send(of, "GET", "/v1/deliveries/{id}", at);
  EXPECT_EQ(tried.json().at("state"), "retrying") << tried.body;
  send(of, "GET", "/v1/events/{id}", "/v1/events/" + event.id);
  send(of, "POST", "/v1/events/batch", "/v1/events/batch", "{}\n");
}

void description_walk::show_tests(const tenant& of) {
  const std::string target(tests_webhooks);
  EXPECT_EQ(send(of, "POST", tests_webhooks, target).status, 424) << "its endpoint is paused";
  EXPECT_EQ(send(of, "POST", tests_webhooks, target + "?endpoint_id=" + of.endpoint).status, 503)
      << "nobody listens there";
  receiver.answer_with(scripted_receiver::accept_all);
  EXPECT_EQ(send(of, "POST", "/v1/endpoints", "/v1/endpoints", R"({"url":")" + receiver.url() + "\"}").status, 201);
  EXPECT_EQ(send(of, "POST", tests_webhooks, target).status, 200);
  receiver.answer_with([](const received_request&, int) { return reply{.status = 500}; });
  EXPECT_EQ(send(of, "POST", tests_webhooks, target).status, 422);
}

void description_walk::show_the_log_of_refused_calls(const tenant& of) {
  // The walk may have had more refused in this second than the log keeps of one: again until it shows.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  do {
    send(of, "POST", "/v1/events", "/v1/events", R"({"type":"refused","uid":"walker-3"})");
  } while (server.as(of.api_key).get("/v1/request-log").json().at("data").as_array().empty() &&
           std::chrono::steady_clock::now() < until);
  send(of, "GET", "/v1/request-log", "/v1/request-log");
}

TEST_F(description_walk, meets_only_what_is_documented_and_all_of_it) {
  call_every_operation();
  refuse_every_operation();
  const tenant of = make_tenant();
  show_tests(of);
  show_endpoints_of_every_form(of);
  show_sessions_of_every_kind(of);
  show_people(of);
  show_attempts_of_every_outcome(of);
  show_the_log_of_refused_calls(of);
  for (const std::string& field : check.unseen()) {
    if (field.starts_with("seen_attempt.")) continue;  // streamed: stream_test.cpp
    EXPECT_TRUE(rarely_shown.contains(field)) << field << " is documented, and no answer has had it";
  }
}

}  // namespace
}  // namespace posthorn::test
