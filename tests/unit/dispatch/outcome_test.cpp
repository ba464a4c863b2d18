// What comes back becomes a report: verdict, due time, evidence.
#include <gtest/gtest.h>

#include "base/id.hpp"
#include "signing/generate.hpp"
#include "unit/dispatch/dispatch_fixture.hpp"

namespace posthorn::dispatch {
namespace {

using model::error_class;
using store::verdict;

store::attempt_report deliver_one(dispatch_fixture& with, model::endpoint_id to) {
  with.offer(to, 1);
  return with.log.await_one(to);
}

void expect_retry_in(const store::attempt_report& report, base::epoch_ms now, base::epoch_ms wait) {
  EXPECT_EQ(report.decided, verdict::retry);
  EXPECT_GE(report.due, now + wait);
  EXPECT_LE(report.due, now + wait + wait / 5);
}

TEST(outcome, of_a_success_is_delivered_with_its_evidence) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(200, R"({"ok":true})", "X-Node: b\r\n")));
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment,
                                    [](auto& endpoint) { endpoint.config_version = 12; });
  store::owed_delivery owed = with.owe(to.id);
  owed.generation = 3;
  owed.tries = 2;
  owed.attempts = 7;
  with.offer({owed});
  const auto report = with.log.await_one(to.id);
  EXPECT_EQ(report.decided, verdict::delivered);
  EXPECT_EQ(report.delivery, owed.id);
  EXPECT_EQ(report.uid_hash, owed.uid_hash);
  EXPECT_EQ(report.generation, 3);
  EXPECT_EQ(report.config_version, 12);
  EXPECT_EQ(report.lane_rests_until, 0);
  EXPECT_EQ(report.disable_reason, "");
  EXPECT_EQ(report.evidence.number, 8) << "over all generations";
  EXPECT_EQ(report.evidence.at, with.clock.wall());
  EXPECT_EQ(report.evidence.status, 200);
  EXPECT_EQ(report.evidence.error, error_class::none);
  EXPECT_EQ(report.evidence.response_body, R"({"ok":true})");
  EXPECT_NE(report.evidence.response_headers.find("X-Node: b\r\n"), std::string::npos);
  EXPECT_GT(report.evidence.timing.total_us, 0);
}

TEST(outcome, of_a_refusal_is_due_by_the_schedule_until_that_is_used_up) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(403, R"({"detail":"Validation Failure"})")));
  constexpr base::epoch_ms waits_s[] = {5, 30, 120, 600, 1800, 7200, 18000, 36000, 86400};
  for (int tries = 0; tries < 9; ++tries) {
    const auto to = with.add_endpoint(receiver.url("/"));
    store::owed_delivery owed = with.owe(to.id);
    owed.tries = owed.attempts = tries;
    with.offer({owed});
    const auto report = with.log.await_one(to.id);
    expect_retry_in(report, with.clock.engine(), waits_s[tries] * 1000);
    EXPECT_EQ(report.evidence.status, 403);
    EXPECT_EQ(report.evidence.response_body, R"({"detail":"Validation Failure"})");
  }
  const auto to = with.add_endpoint(receiver.url("/"));
  store::owed_delivery last = with.owe(to.id);
  last.tries = last.attempts = 9;
  with.offer({last});
  EXPECT_EQ(with.log.await_one(to.id).decided, verdict::failed);
}

TEST(outcome, follows_the_endpoints_own_rules) {
  struct row {
    int status;
    model::preset preset;
    verdict decided;
    std::string disable_reason;
  };
  using enum model::preset;
  const row rows[] = {
      {200, assessment, verdict::delivered, ""}, {201, assessment, verdict::retry, ""},
      {204, assessment, verdict::retry, ""},     {302, assessment, verdict::retry, ""},
      {404, assessment, verdict::retry, ""},     {410, assessment, verdict::retry, ""},
      {201, learning, verdict::delivered, ""},   {204, learning, verdict::delivered, ""},
      {302, learning, verdict::failed, ""},      {404, learning, verdict::failed, ""},
      {408, learning, verdict::retry, ""},       {410, learning, verdict::failed, "the receiver answered 410 Gone"},
      {429, learning, verdict::retry, ""},       {500, learning, verdict::retry, ""},
  };
  dispatch_fixture with;
  for (const row& each : rows) {
    scripted_receiver receiver(always(answer(each.status, "", "Location: /elsewhere\r\n")));
    const auto to = with.add_endpoint(receiver.url("/"), each.preset);
    const auto report = deliver_one(with, to.id);
    EXPECT_EQ(report.decided, each.decided) << each.status;
    EXPECT_EQ(report.disable_reason, each.disable_reason) << each.status;
    EXPECT_EQ(report.evidence.status, each.status);
    EXPECT_EQ(receiver.requests(), 1U) << "a redirect is not followed";
  }
}

TEST(outcome, of_a_broken_exchange_is_a_retry_that_names_what_broke) {
  struct row {
    std::string text;  // empty: the connection closes without an answer
    error_class error;
    int status;
  };
  const row rows[] = {
      {"", error_class::connection, 0},
      {"SMTP ready\r\n\r\n", error_class::protocol, 0},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", error_class::protocol, 0},
      // The good status is of no use: the body never ends as it was announced.
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", error_class::protocol, 200},
      {"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", error_class::too_large, 200},
  };
  dispatch_fixture with;
  for (const row& each : rows) {
    scripted_receiver receiver(always(each.text));
    const auto to = with.add_endpoint(receiver.url("/"), model::preset::learning);
    const auto report = deliver_one(with, to.id);
    expect_retry_in(report, with.clock.engine(), 5'000);
    EXPECT_EQ(model::to_string(report.evidence.error), model::to_string(each.error)) << each.text;
    EXPECT_EQ(report.evidence.status, each.status) << each.text;
    EXPECT_NE(report.evidence.error_detail, "");
  }
}

TEST(outcome, of_a_port_where_nobody_listens_is_a_retry) {
  dispatch_fixture with;
  const std::string nobody = scripted_receiver(hold_all()).url("/");
  const auto to = with.add_endpoint(nobody, model::preset::learning);
  const auto report = deliver_one(with, to.id);
  expect_retry_in(report, with.clock.engine(), 5'000);
  EXPECT_EQ(report.evidence.error, error_class::connect);
  EXPECT_EQ(report.evidence.status, 0);
}

TEST(outcome, of_an_answer_that_does_not_come_is_a_timeout) {
  dispatch_fixture with;
  scripted_receiver receiver(hold_all());
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::learning, [](auto& endpoint) {
    endpoint.timeout_ms = base::limits::endpoint_timeout_ms_min;
  });
  const auto report = deliver_one(with, to.id);
  expect_retry_in(report, with.clock.engine(), 5'000);
  EXPECT_EQ(report.evidence.error, error_class::timeout);
  EXPECT_GE(report.evidence.timing.total_us, base::limits::endpoint_timeout_ms_min * 1000);
}

TEST(outcome, of_settings_that_cannot_be_used_is_a_configuration_error) {
  const std::string unusable[] = {
      "ftp://127.0.0.1/",        "http://user:secret@127.0.0.1/", "http://127.0.0.1:99999/", "not a url", "",
      "http://169.254.169.254/",  // a metadata service, refused whatever else is allowed
  };
  dispatch_fixture with;
  for (const std::string& url : unusable) {
    const auto to = with.add_endpoint(url, model::preset::learning);
    const auto report = deliver_one(with, to.id);
    expect_retry_in(report, with.clock.engine(), 5'000);
    EXPECT_EQ(report.evidence.error, error_class::configuration) << url;
    EXPECT_EQ(report.evidence.status, 0);
    EXPECT_NE(report.evidence.error_detail, "") << url;
  }
  const auto to = with.add_endpoint("http://127.0.0.1:1/", model::preset::standard, [](auto& endpoint) {
    endpoint.signatures = {{model::signature_scheme::standard_v1, "whsec_tooshort"}};
  });
  const auto report = deliver_one(with, to.id);
  EXPECT_EQ(report.evidence.error, error_class::configuration);
  EXPECT_EQ(report.evidence.error_detail.find("tooshort"), std::string::npos) << "a secret is not told";
}

TEST(outcome, keeps_the_request_of_a_failure_without_its_secrets) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(500)));
  const std::string v1 = signing::new_v1_secret();
  const model::authentication kinds[] = {model::auth_bearer{"s3cret-auth"}, model::auth_basic{"user", "s3cret-auth"},
                                         model::auth_api_key{"X-Partner-Key", "s3cret-auth"}};
  for (const model::authentication& auth : kinds) {
    const auto to = with.add_endpoint(receiver.url("/hook"), model::preset::assessment, [&](auto& endpoint) {
      endpoint.auth = auth;
      endpoint.headers = {{"X-Shared", "s3cret-header"}};
      endpoint.signatures.push_back({model::signature_scheme::standard_v1, v1});
    });
    const store::owed_delivery owed = with.owe(to.id);
    with.offer({owed});
    const std::string kept = with.log.await_one(to.id).evidence.request_headers;
    EXPECT_TRUE(kept.starts_with("POST /hook HTTP/1.1\r\n")) << kept;
    EXPECT_TRUE(kept.ends_with("\r\n\r\n")) << kept;
    for (const std::string& line : {std::string("X-Shared: ***\r\n"),
                                    "webhook-id: " + base::format_id(base::event_prefix, owed.event->id) + "\r\n",
                                    std::string("webhook-event-type: application.complete\r\n"),
                                    std::string("User-Agent: Posthorn/0.0-test\r\n")}) {
      EXPECT_NE(kept.find(line), std::string::npos) << line << "in\n" << kept;
    }
    for (const std::string& secret :
         {std::string("s3cret"), std::string("dXNlcjpzM2NyZXQtYXV0aA=="), v1, std::string(dispatch_fixture::api_key)}) {
      EXPECT_EQ(kept.find(secret), std::string::npos) << kept;
    }
    EXPECT_NE(kept.find(std::holds_alternative<model::auth_api_key>(auth) ? "X-Partner-Key: ***\r\n"
                                                                          : "Authorization: ***\r\n"),
              std::string::npos)
        << kept;
  }
}

TEST(outcome, is_judged_by_the_configuration_that_the_attempt_used) {
  dispatch_fixture with;
  scripted_receiver receiver(hold_all());
  auto to = with.add_endpoint(receiver.url("/old"), model::preset::learning,
                              [](auto& endpoint) { endpoint.headers = {{"X-Version", "1"}}; });
  with.offer(to.id, 1);
  receiver.await_held(1);
  to.url = receiver.url("/new");
  to.retry.on = model::retry_on::any_failure;
  to.config_version = 2;
  with.directory.put(to);
  // Both workers see the change while the first request is still out.
  scripted_receiver other(always(answer(200)));
  const auto neighbour = with.add_endpoint(other.url("/"));
  with.offer(neighbour.id, 8);
  EXPECT_EQ(with.log.await_reports(neighbour.id, 8).size(), 8U);
  receiver.answer_oldest(answer(404));
  const auto report = with.log.await_one(to.id);
  EXPECT_EQ(report.decided, verdict::failed) << "404 is final under the rule that was in force";
  EXPECT_EQ(report.config_version, 1);
  EXPECT_TRUE(report.evidence.request_headers.starts_with("POST /old HTTP/1.1\r\n")) << report.evidence.request_headers;
}

TEST(outcome, is_counted) {
  dispatch_fixture with;
  scripted_receiver receiver(in_turn({answer(200), answer(500), answer(200), ""}));
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment,
                                    [](auto& endpoint) { endpoint.in_flight_max = 1; });
  with.offer(to.id, 4);
  EXPECT_EQ(with.log.await_reports(to.id, 4).size(), 4U);
  const dispatch_stats stats = with.dispatch->stats();
  EXPECT_EQ(stats.attempts_succeeded, 2U);
  EXPECT_EQ(stats.attempts_refused, 1U);
  EXPECT_EQ(stats.attempts_broken[static_cast<std::size_t>(error_class::connection)], 1U);
  std::uint64_t measured = 0;
  for (const std::uint64_t bucket : stats.took_us.counts) measured += bucket;
  EXPECT_EQ(measured, 4U);
  EXPECT_GT(stats.took_us.sum, 0U);
  std::uint64_t waited = 0;
  for (const std::uint64_t bucket : stats.waited_ms.counts) waited += bucket;
  EXPECT_EQ(waited, 4U) << "each had its first attempt";
  EXPECT_EQ(stats.in_flight, 0);
  EXPECT_EQ(stats.queued, 0);
}

}  // namespace
}  // namespace posthorn::dispatch
