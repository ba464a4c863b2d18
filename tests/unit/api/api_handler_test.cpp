#include "api/api_handler.hpp"

#include "unit/api/api_fixture.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;

const header_map as_one = {{"api-key", "ph_test_one"}};
const header_map as_admin = {{"Authorization", "Bearer ph_admin_token"}};

class ApiHandler : public api_fixture {
 protected:
  ApiHandler() : api_fixture(base::system_clock(), no_sessions_) {
    store_.add(1, "10000000000000000001", "ph_test_one");
    store_.add(2, "10000000000000000002", "ph_prod_two");
  }

  net::response ask(const std::string& method, const std::string& target, const header_map& headers = as_one,
                    const std::string& body = "", door through = door::customers) {
    return api_fixture::ask(method, target, headers, body, through);
  }

  no_sessions no_sessions_;
};

constexpr auto event_body = R"({"type":"a.b","uid":"u-123","details":{"n": 1}})";

TEST_F(ApiHandler, AcceptedEventNamesItsDeliveries) {
  ask("POST", "/v1/endpoints", as_one, R"({"url":"https://example.com/"})");
  ask("POST", "/v1/endpoints", as_one, R"({"url":"https://example.com/b","event_types":["other"]})");
  const net::response given = ask("POST", "/v1/events", as_one, event_body);
  EXPECT_EQ(given.status, 202);
  EXPECT_EQ(given.body, "{\"id\":\"" + base::format_id("evt", 1000) + "\",\"deliveries\":[\"" +
                            base::format_id("dlv", 1001) + "\"]}");
  EXPECT_TRUE(header(given, "request-id").starts_with("req_"));
  ASSERT_EQ(store_.accepted.size(), 1U);
  EXPECT_EQ(store_.accepted[0].targets, std::vector<model::endpoint_id>{100});
  EXPECT_EQ(store_.accepted[0].payload,
            R"({"uid":"u-123","integration_id":"10000000000000000001","event":{"type":"a.b","details":{"n":1}}})");
  EXPECT_NE(store_.accepted[0].uid_hash, 0U);
  EXPECT_FALSE(store_.accepted[0].idempotent.has_value());
}

TEST_F(ApiHandler, IdempotencyKeysBecomeDigestsOfTheIntegrationAndTheBody) {
  const auto digests = [&](const header_map& who, const std::string& body) {
    ask("POST", "/v1/events", who, body);
    return *store_.accepted.back().idempotent;
  };
  header_map one = as_one;
  one["Idempotency-Key"] = "k";
  const header_map two = {{"api-key", "ph_prod_two"}, {"Idempotency-Key", "k"}};
  const auto first = digests(one, event_body);
  EXPECT_EQ(digests(one, event_body).key, first.key);
  EXPECT_EQ(digests(one, event_body).body, first.body);
  EXPECT_NE(digests(two, event_body).key, first.key);
  EXPECT_NE(digests(one, R"({"type":"a.c","payload":1})").body, first.body);
  one["Idempotency-Key"] = std::string(256, 'k');
  EXPECT_EQ(ask("POST", "/v1/events", one, event_body).status, 422);
}

TEST_F(ApiHandler, BatchAnswersLineByLine) {
  const std::string body =
      std::string(event_body) + "\n{\"type\":\"t\"}\r\n\n" + R"({"type":"t","payload":[1]})" + "\n";
  const net::response given =
      ask("POST", "/v1/events/batch", {{"api-key", "ph_test_one"}, {"Content-Type", "application/x-ndjson"}}, body);
  ASSERT_EQ(given.status, 202) << given.body;
  const json::array results = json::parse(given.body).at("results").as_array();
  ASSERT_EQ(results.size(), 4U);
  EXPECT_TRUE(results[0].as_object().contains("id"));
  EXPECT_EQ(results[1].at("error").at("status"), 422);
  EXPECT_EQ(results[2].at("error").at("status"), 400);
  EXPECT_TRUE(results[3].as_object().contains("id"));
  EXPECT_EQ(store_.accepted.size(), 2U);
}

TEST_F(ApiHandler, BatchFailsAsAWholeWhereNothingIsDurable) {
  store_.refuse_with = base::error{base::fault::disk_full, "no room", {}, 5};
  const net::response given = ask("POST", "/v1/events/batch", as_one, event_body);
  EXPECT_EQ(given.status, 503);
  EXPECT_EQ(header(given, "Retry-After"), "5");
}

TEST_F(ApiHandler, BatchIsBoundedInLines) {
  std::string body;
  for (std::size_t i = 0; i <= base::limits::batch_lines_max; ++i) body += "{}\n";
  EXPECT_EQ(ask("POST", "/v1/events/batch", as_one, body).status, 413);
  EXPECT_EQ(ask("POST", "/v1/events/batch", as_one, "").status, 400);
}

TEST_F(ApiHandler, CallersAreKnownOrRefused) {
  EXPECT_EQ(ask("POST", "/v1/events", {}, event_body).status, 401);
  EXPECT_EQ(header(ask("POST", "/v1/events", {}, event_body), "WWW-Authenticate"), "Bearer");
  EXPECT_EQ(ask("POST", "/v1/events", {{"api-key", "wrong"}}, event_body).status, 401);
  EXPECT_EQ(ask("POST", "/v1/events?integration_id=10000000000000000002", as_one, event_body).status, 403);
  EXPECT_EQ(ask("POST", "/v1/events", as_admin, event_body).status, 422);
  EXPECT_EQ(ask("POST", "/v1/events?integration_id=10000000000000000002", as_admin, event_body).status, 202);
  EXPECT_EQ(ask("POST", "/v1/events?integration_id=1", as_admin, event_body).status, 404);
  EXPECT_EQ(ask("GET", "/v1/companies", as_one).status, 403);
  EXPECT_EQ(ask("GET", "/v1/integrations/10000000000000000002", as_one).status, 403);
}

TEST_F(ApiHandler, AddressesMethodsAndTypesAreChecked) {
  EXPECT_EQ(ask("GET", "/nowhere").status, 404);
  const net::response wrong_method = ask("PUT", "/v1/events");
  EXPECT_EQ(wrong_method.status, 405);
  EXPECT_EQ(header(wrong_method, "Allow"), "POST, GET, HEAD");
  EXPECT_EQ(ask("POST", "/v1/events", {{"api-key", "ph_test_one"}, {"Content-Type", "text/plain"}}).status, 415);
  EXPECT_EQ(ask("GET", "/v1/events?uidd=1").status, 400);
  EXPECT_EQ(ask("GET", "/v1/events?cursor=xx").status, 400);
  EXPECT_EQ(ask("GET", "/v1/events?limit=0").status, 422);
  EXPECT_EQ(ask("GET", "/v1/events?limit=501").status, 422);
  EXPECT_EQ(ask("GET", "/v1/events?state=lost").status, 422);
  EXPECT_EQ(ask("GET", "/v1/events/evt_1").status, 404);
}

TEST_F(ApiHandler, RefusedCallsAreNoted) {
  ask("POST", "/v1/events", as_one, R"({"type":"a b","uid":"u-777","details":{}})");
  ask("POST", "/v1/events", {}, event_body);
  ask("POST", "/v1/events?integration_id=10000000000000000002", as_one, event_body);
  ASSERT_EQ(store_.noted.size(), 3U);
  EXPECT_EQ(store_.noted[0].uid, "u-777");
  EXPECT_EQ(store_.noted[0].integration_id, "10000000000000000001");
  EXPECT_EQ(store_.noted[0].status, 422);
  EXPECT_EQ(store_.noted[0].error, "invalid-field");
  EXPECT_EQ(store_.noted[0].route, "/v1/events");
  EXPECT_EQ(store_.noted[1].status, 401);
  EXPECT_EQ(store_.noted[2].error, "forbidden");
  EXPECT_EQ(store_.noted[2].integration_id, "10000000000000000002");
  const json::value log = json::parse(ask("GET", "/v1/request-log", as_admin).body);
  EXPECT_EQ(log.at("data").as_array().size(), 3U);
}

TEST_F(ApiHandler, ListsPassTheirFiltersAndCursors) {
  const net::response first =
      ask("GET", "/v1/events?uid=u%2D1&type=t&since=2026-01-15T10:30:00Z&until=1768473001&state=failed&limit=2");
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(store_.last_filter.uid, "u-1");
  EXPECT_EQ(store_.last_filter.integration, 1);
  EXPECT_EQ(store_.last_filter.since, 1'768'473'000'000);
  EXPECT_EQ(store_.last_filter.until, 1'768'473'001'000);
  EXPECT_EQ(store_.last_filter.state, model::event_state::failed);
  const json::value page = json::parse(first.body);
  EXPECT_EQ(page.at("data").as_array().size(), 2U);
  ask("GET", "/v1/events?cursor=" + std::string(page.at("next_cursor").as_string()));
  EXPECT_EQ(store_.last_cursor, 77);
}

TEST_F(ApiHandler, DeploymentShowsItsKeysWhenMade) {
  const net::response made = ask("POST", "/v1/deployments", as_admin, R"({"name":"shop","preset":"learning"})");
  ASSERT_EQ(made.status, 201) << made.body;
  const json::value body = json::parse(made.body);
  EXPECT_EQ(body.at("environments").at("test").at("api_key"), "ph_test_made");
  EXPECT_EQ(body.at("environments").at("production").at("integration_id"), "20000000000000000002");
  EXPECT_EQ(body.at("preset"), "learning");
  ask("POST", "/v1/companies", as_admin, R"({"name":"second"})");
  EXPECT_EQ(ask("POST", "/v1/deployments", as_admin, R"({"name":"x"})").status, 422);  // which company?
}

TEST_F(ApiHandler, EndpointLife) {
  const net::response made = ask("POST", "/v1/endpoints", as_admin,
                                 R"({"integration_id":"10000000000000000002","url":"https://example.com/"})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string id(json::parse(made.body).at("id").as_string());
  const header_map as_two = {{"api-key", "ph_prod_two"}};
  EXPECT_EQ(ask("GET", "/v1/endpoints/" + id, as_two).status, 200);
  EXPECT_EQ(ask("GET", "/v1/endpoints/" + id, as_one).status, 404);
  EXPECT_EQ(ask("PATCH", "/v1/endpoints/" + id, as_two, R"({"timeout_ms":1})").status, 422);
  const json::value changed = json::parse(ask("PATCH", "/v1/endpoints/" + id, as_two, R"({"timeout_ms":1234})").body);
  EXPECT_EQ(changed.at("timeout_ms"), 1234);
  EXPECT_EQ(changed.at("config_version"), 2);
  EXPECT_EQ(json::parse(ask("POST", "/v1/endpoints/" + id + "/pause", as_two).body).at("state"), "paused");
  EXPECT_EQ(json::parse(ask("GET", "/v1/endpoints", as_two).body).at("data").as_array().size(), 1U);
  EXPECT_EQ(ask("POST", "/v1/endpoints", as_two, "{}").status, 422);
  EXPECT_EQ(ask("POST", "/v1/endpoints", as_two, "[]").status, 422);
  EXPECT_EQ(ask("POST", "/v1/endpoints", as_two, "{").status, 400);
}

TEST_F(ApiHandler, DeliveriesShowAttemptsAsText) {
  const std::string id = base::format_id("dlv", 7);
  const net::response shown = ask("GET", "/v1/deliveries/" + id);
  ASSERT_EQ(shown.status, 200);
  EXPECT_EQ(json::parse(shown.body).at("attempts").at(0).at("response_body"), "bad \xef\xbf\xbd byte");
  EXPECT_EQ(ask("POST", "/v1/deliveries/" + id + "/retry").status, 200);
  EXPECT_EQ(ask("POST", "/v1/deliveries/" + id + "/cancel").status, 409);
  EXPECT_EQ(ask("GET", "/v1/events/" + base::format_id("evt", 7) + "/payload").body, "{\"a\": 1}");
}

TEST_F(ApiHandler, OperatorsHaveADoorOfTheirOwn) {
  for (const char* health : {"/healthz", "/readyz"}) {
    EXPECT_EQ(ask("GET", health, {}, "", door::customers).status, 200) << health;
    EXPECT_EQ(ask("GET", health, {}, "", door::operators).status, 200) << health;
  }
  EXPECT_EQ(ask("GET", "/metrics", {}, "", door::operators).status, 200);
  for (const header_map& who : {header_map(), as_one, as_admin}) {
    const net::response hidden = ask("GET", "/metrics", who);
    EXPECT_EQ(hidden.status, 404);
    EXPECT_NE(hidden.body.find("--ops-listen"), std::string::npos) << hidden.body;
  }
  EXPECT_EQ(ask("GET", "/v1/events", as_one, "", door::operators).status, 404);
  EXPECT_EQ(ask("GET", "/openapi.json", {}, "", door::customers).status, 200);
}

TEST_F(ApiHandler, AReplayIsAJobOfTheCallersIntegration) {
  ask("POST", "/v1/endpoints", as_one, R"({"url":"https://example.com/"})");
  const std::string endpoint = base::format_id("ep", 100);
  const net::response given = ask("POST", "/v1/replays", as_one,
                                  R"({"endpoint_id":")" + endpoint +
                                      R"(","type":"a.*","since":"2026-01-15T10:30:00Z","until":1768473001,)"
                                      R"("state":"missing"})");
  EXPECT_EQ(given.status, 202) << given.body;
  EXPECT_EQ(store_.last_job.integration, 1);
  EXPECT_EQ(store_.last_job.kind, model::job_kind::replay);
  EXPECT_EQ(store_.last_job.filter.choice, model::replay_choice::missing);
  EXPECT_EQ(store_.last_job.filter.endpoint, 100);
  EXPECT_EQ(store_.last_job.filter.type, "a.*");
  EXPECT_EQ(store_.last_job.filter.since, 1'768'473'000'000);
  EXPECT_EQ(store_.last_job.filter.until, 1'768'473'001'000);
  const json::value shown = json::parse(given.body);
  EXPECT_EQ(shown.at("id").as_string(), base::format_id("job", 700));
  EXPECT_EQ(shown.at("state"), "running");
  EXPECT_EQ(shown.at("filter").at("endpoint_id").as_string(), endpoint);
  EXPECT_TRUE(shown.at("total").is_null());
}

TEST_F(ApiHandler, ReplaysRefuseEachBadField) {
  ask("POST", "/v1/endpoints", as_one, R"({"url":"https://example.com/"})");
  ask("POST", "/v1/endpoints", as_one, R"({"url":"https://example.com/o","kind":"operational"})");
  const std::string operational = base::format_id("ep", 101);
  const std::string foreign = base::format_id("ep", 999);
  const std::tuple<std::string, std::string, std::string> all[] = {
      {"/v1/replays", R"({"state":"pending"})", "/state"},
      {"/v1/replays", R"({"state":7})", "/state"},
      {"/v1/replays", R"({"state":"missing"})", "/endpoint_id"},
      {"/v1/replays", R"({"state":"unrouted","endpoint_id":")" + operational + "\"}", "/endpoint_id"},
      {"/v1/replays", R"({"endpoint_id":")" + foreign + "\"}", "/endpoint_id"},
      {"/v1/replays", R"({"endpoint_id":"nonsense"})", "/endpoint_id"},
      {"/v1/replays", R"({"type":"a b"})", "/type"},
      {"/v1/replays", R"({"since":"yesterday"})", "/since"},
      {"/v1/replays", R"({"since":-1})", "/since"},
      {"/v1/replays", R"({"since":20,"until":20})", "/until"},
      {"/v1/replays", R"({"states":["failed"]})", "/states"},
      {"/v1/deliveries/retry", R"({"state":"delivered"})", "/state"},
      {"/v1/endpoints/" + base::format_id("ep", 100) + "/recover", "{}", "/since"},
      {"/v1/endpoints/" + base::format_id("ep", 100) + "/recover", R"({"since":true})", "/since"},
      {"/v1/events/" + base::format_id("evt", 1) + "/replay", R"({"to":"all"})", "/to"},
      {"/v1/events/" + base::format_id("evt", 1) + "/replay",
       R"({"to":"own","endpoint_id":")" + base::format_id("ep", 100) + "\"}", "/to"},
  };
  for (const auto& [target, body, pointer] : all) {
    const net::response given = ask("POST", target, as_one, body);
    EXPECT_EQ(given.status, 422) << target << " " << body << ": " << given.body;
    if (given.status == 422) {
      EXPECT_EQ(json::parse(given.body).at("errors").at(0).at("pointer").as_string(), pointer) << body;
    }
  }
  EXPECT_EQ(ask("POST", "/v1/endpoints/" + foreign + "/recover", as_one, R"({"since":1})").status, 404);
  EXPECT_EQ(ask("POST", "/v1/jobs/evt_x/cancel").status, 404);
  EXPECT_EQ(ask("POST", "/v1/replays", {}, "{}").status, 401);
  EXPECT_EQ(ask("POST", "/v1/replays?integration_id=10000000000000000002", as_one, "{}").status, 403);
  EXPECT_EQ(ask("POST", "/v1/replays", as_admin, R"({"integration_id":"10000000000000000002"})").status, 202);
  EXPECT_EQ(store_.last_job.integration, 2);
}

TEST_F(ApiHandler, RecoveringAsksForTheTime) {
  ask("POST", "/v1/endpoints", as_one, R"({"url":"https://example.com/"})");
  const net::response given =
      ask("POST", "/v1/endpoints/" + base::format_id("ep", 100) + "/recover", as_one, R"({"since":1768473000})");
  EXPECT_EQ(given.status, 202) << given.body;
  EXPECT_EQ(store_.last_job.kind, model::job_kind::recover);
  EXPECT_EQ(store_.last_job.filter.choice, model::replay_choice::failed);
  EXPECT_EQ(store_.last_job.filter.endpoint, 100);
  EXPECT_EQ(store_.last_job.filter.ended_since, 1'768'473'000'000);
}

TEST_F(ApiHandler, RevealsNothingThatTheLogOfChangesDoesNotTell) {
  const std::string reveal = "/v1/integrations/10000000000000000001/keys/reveal";
  EXPECT_EQ(ask("POST", reveal, as_admin).status, 200);
  ASSERT_EQ(store_.written.size(), 1U);
  EXPECT_EQ(store_.written[0].action, "POST /v1/integrations/{integration_id}/keys/reveal");
  EXPECT_EQ(store_.written[0].integration_id, "10000000000000000001");
  store_.refuse_audit = true;
  const net::response refused = ask("POST", reveal, as_admin);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.body.find("ph_test"), std::string::npos);
}

TEST_F(ApiHandler, MakesWhoeverGuessesWait) {
  const header_map wrong = {{"api-key", "ph_test_guess"}};
  for (int i = 0; i < base::limits::auth_failures_burst; ++i) {
    EXPECT_EQ(ask("GET", "/v1/endpoints", wrong).status, 401) << i;
  }
  const net::response refused = ask("GET", "/v1/endpoints", wrong);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(slug(refused), "too-many-requests");
  EXPECT_EQ(header(refused, "Retry-After"), "6");
  EXPECT_EQ(ask("GET", "/v1/endpoints", as_one).status, 200) << "a good key passes";
  EXPECT_EQ(ask("GET", "/v1/companies", as_admin).status, 429) << "the admin's token is not looked at";
  EXPECT_EQ(ask("GET", "/v1/endpoints", {}).status, 401) << "no credentials are no guess";
}

TEST_F(ApiHandler, ReadinessSaysWhy) {
  EXPECT_EQ(ask("GET", "/readyz", {}).status, 200);
  store_.report = {.can_accept = false, .can_record = true, .reason = "the disk is full"};
  const net::response unready = ask("GET", "/readyz", {});
  EXPECT_EQ(unready.status, 503);
  EXPECT_EQ(json::parse(unready.body).at("reason"), "the disk is full");
}

TEST_F(ApiHandler, IsNotReadyWhileItAcceptsAndDoesNotSend) {
  constexpr std::int64_t limit = base::limits::engine_stuck_ms;
  store_.counted.stalled_ms = limit;
  store_.counted.since_turn_ms = limit;
  EXPECT_EQ(ask("GET", "/readyz", {}).status, 200);
  store_.counted.stalled_ms = limit + 1'000;
  const net::response still = ask("GET", "/readyz", {});
  EXPECT_EQ(still.status, 503);
  EXPECT_EQ(json::parse(still.body).at("sends"), false);
  EXPECT_EQ(json::parse(still.body).at("can_accept"), true);
  EXPECT_NE(still.body.find("91 s"), std::string::npos) << still.body;
  store_.counted.stalled_ms = 0;
  store_.counted.since_turn_ms = limit + 1'000;
  EXPECT_EQ(ask("GET", "/readyz", {}).status, 503);
}

TEST_F(ApiHandler, MetricsCountRequestsAndShowTheStore) {
  ask("POST", "/v1/events", as_one, event_body);
  meters_.add_source([] { return readings{.numbers = {{"lanes", "Lanes.", 3}}}; });
  const std::string text = ask("GET", "/metrics", {}, "", door::operators).body;
  EXPECT_NE(text.find("posthorn_events_accepted_total 42"), std::string::npos) << text;
  EXPECT_NE(text.find("posthorn_requests_total{route=\"POST /v1/events\",status=\"2xx\"} 1"), std::string::npos);
  EXPECT_NE(text.find("posthorn_request_seconds_count{route=\"POST /v1/events\"} 1"), std::string::npos);
  EXPECT_NE(text.find("posthorn_lanes 3"), std::string::npos);
}

TEST_F(ApiHandler, WhatThrowsEndsItsOwnCallWithItsRequestsId) {
  ask("POST", "/v1/endpoints", as_one, R"({"url":"https://example.com/"})");
  const auto damaged = [](model::endpoint& one) -> base::result<void> {
    one.filter = "{";
    return {};
  };
  ASSERT_TRUE(store_.update_endpoint(100, damaged));
  const net::response given = ask("GET", "/v1/endpoints");
  EXPECT_EQ(given.status, 500);
  EXPECT_EQ(slug(given), "internal");
  EXPECT_TRUE(header(given, "request-id").starts_with("req_"));
  EXPECT_EQ(given.body.find("detail"), std::string::npos) << "the cause is for the log: " << given.body;
  EXPECT_EQ(ask("POST", "/v1/events", as_one, event_body).status, 202);
}

TEST_F(ApiHandler, FailuresOfOursKeepTheirCauseFromCallers) {
  store_.refuse_with = base::error{base::fault::store_corrupt, "table event, row 7: broken", {}, {}};
  const net::response given = ask("POST", "/v1/events", as_one, event_body);
  EXPECT_EQ(given.status, 500);
  EXPECT_EQ(slug(given), "internal");
  EXPECT_EQ(given.body.find("row 7"), std::string::npos) << given.body;
}

}  // namespace
}  // namespace posthorn::api
