// What an attempt needs beside the endpoint's own words: a token that is fetched, and the leave of the rate limit.
#include <gtest/gtest.h>

#include <chrono>

#include "dispatch/oauth2_tokens.hpp"
#include "unit/dispatch/dispatch_fixture.hpp"

namespace posthorn::dispatch {
namespace {

using store::verdict;

constexpr const char* token_t1 = R"({"access_token":"t1","token_type":"Bearer","expires_in":3600})";
constexpr const char* token_t2 = R"({"access_token":"t2","token_type":"bearer","expires_in":3600})";

std::function<void(model::endpoint&)> with_oauth2(std::string token_url) {
  return [token_url = std::move(token_url)](model::endpoint& endpoint) {
    endpoint.auth = model::auth_oauth2{token_url, "client one", "s:cret", "hooks write"};
    endpoint.in_flight_max = 1;
  };
}

TEST(oauth2, fetches_one_token_and_sends_it_with_every_attempt) {
  dispatch_fixture with(1);
  scripted_receiver tokens(always(answer(200, token_t1)));
  scripted_receiver receiver(always(answer(200)));
  const auto to = with.add_endpoint(receiver.url("/hook"), model::preset::learning, [&](model::endpoint& endpoint) {
    with_oauth2(tokens.url("/oauth/token"))(endpoint);
    endpoint.in_flight_max = 8;
  });
  with.offer(to.id, 20);
  for (const auto& report : with.log.await_reports(to.id, 20)) EXPECT_EQ(report.decided, verdict::delivered);
  EXPECT_EQ(tokens.requests(), 1U) << "eight attempts wait for the same one";
  const received_request asked = tokens.request(0);
  EXPECT_EQ(asked.line, "POST /oauth/token HTTP/1.1");
  EXPECT_EQ(asked.body, "grant_type=client_credentials&scope=hooks%20write");
  EXPECT_EQ(asked.field("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(asked.field("Authorization"), "Basic Y2xpZW50JTIwb25lOnMlM0FjcmV0") << "client%20one:s%3Acret";
  for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(receiver.request(i).field("Authorization"), "Bearer t1");
}

TEST(oauth2, a_token_that_is_not_taken_is_fetched_anew) {
  dispatch_fixture with(1);
  scripted_receiver tokens(in_turn({answer(200, token_t1), answer(200, token_t2)}));
  scripted_receiver receiver(in_turn({answer(401), answer(200)}));
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment, with_oauth2(tokens.url("/")));
  with.offer(to.id, 2);
  const auto reports = with.log.await_reports(to.id, 2);
  EXPECT_EQ(reports[0].decided, verdict::retry);
  EXPECT_EQ(reports[1].decided, verdict::delivered);
  EXPECT_EQ(receiver.request(0).field("Authorization"), "Bearer t1");
  EXPECT_EQ(receiver.request(1).field("Authorization"), "Bearer t2");
  EXPECT_NE(reports[0].evidence.request_headers.find("Authorization: ***\r\n"), std::string::npos);
  EXPECT_EQ(reports[0].evidence.request_headers.find("t1"), std::string::npos) << "a token is a secret";
}

TEST(oauth2, without_a_token_nothing_is_sent_and_the_attempt_says_why) {
  dispatch_fixture with(1);
  scripted_receiver tokens(always(answer(401, R"({"error":"invalid_client"})")));
  scripted_receiver receiver(always(answer(200)));
  const auto refused = with.add_endpoint(receiver.url("/"), model::preset::assessment, with_oauth2(tokens.url("/")));
  with.offer(refused.id, 1);
  const auto first = with.log.await_one(refused.id);
  EXPECT_EQ(first.decided, verdict::retry);
  EXPECT_EQ(first.evidence.error, model::error_class::configuration);
  EXPECT_EQ(first.evidence.error_detail, "the token endpoint answered 401: invalid_client");

  const auto unreachable =
      with.add_endpoint(receiver.url("/"), model::preset::assessment, with_oauth2("http://127.0.0.1:1/token"));
  with.offer(unreachable.id, 1);
  const auto second = with.log.await_one(unreachable.id);
  EXPECT_EQ(second.evidence.error, model::error_class::connect);
  EXPECT_NE(second.evidence.error_detail.find("the token endpoint: connection refused"), std::string::npos);
  EXPECT_EQ(receiver.requests(), 0U);
}

TEST(oauth2, reads_answers_as_the_rfc_has_them) {
  EXPECT_EQ(read_token_answer(200, token_t1).text, "t1");
  EXPECT_EQ(read_token_answer(200, token_t1).expires_in_s, 3600);
  EXPECT_EQ(read_token_answer(200, R"({"access_token":"x"})").expires_in_s, base::limits::oauth2_token_s_default);
  EXPECT_EQ(read_token_answer(200, R"({"access_token":"x","expires_in":-5})").expires_in_s, 0);
  EXPECT_EQ(read_token_answer(200, R"({"access_token":"x","expires_in":1e12})").expires_in_s,
            base::limits::oauth2_token_s_max);
  for (const char* useless :
       {"", "[]", "{}", R"({"access_token":7})", R"({"access_token":""})", R"({"access_token":"a b"})",
        R"({"access_token":"a\r\nX: y"})", R"({"access_token":"x","token_type":"mac"})"}) {
    const token_answer read = read_token_answer(200, useless);
    EXPECT_TRUE(read.text.empty()) << useless;
    EXPECT_FALSE(read.problem.empty()) << useless;
  }
  EXPECT_EQ(read_token_answer(503, "<html>").problem, "the token endpoint answered 503");
  EXPECT_EQ(read_token_answer(400, R"({"error":"bad\r\nvalue"})").problem, "the token endpoint answered 400");
}

TEST(rate_limited, lets_no_more_out_than_the_limit_over_all_workers) {
  dispatch_fixture with(2);
  scripted_receiver receiver(always(answer(200)));
  constexpr int per_second = 40, burst = 10, offered = 50;
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::learning, [](model::endpoint& endpoint) {
    endpoint.rate = model::rate_limit{.per_second = per_second, .burst = burst};
  });
  const auto begun = std::chrono::steady_clock::now();
  with.offer(to.id, offered);
  const auto reports = with.log.await_reports(to.id, offered);
  const auto took = std::chrono::steady_clock::now() - begun;
  // What it may not be is shorter; how much longer is the machine's business.
  EXPECT_GE(took, std::chrono::milliseconds((offered - burst) * 1'000 / per_second - 25));
  for (const auto& report : reports) {
    EXPECT_EQ(report.decided, verdict::delivered);
    EXPECT_EQ(report.evidence.number, 1) << "waiting spends no try";
  }
}

TEST(rate_limited, a_stop_does_not_wait_for_the_next_leave) {
  dispatch_fixture with(1);
  scripted_receiver receiver(always(answer(200)));
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::learning, [](model::endpoint& endpoint) {
    endpoint.rate = model::rate_limit{.per_second = 1, .burst = 1};
  });
  with.offer(to.id, 1'000);
  static_cast<void>(with.log.await_one(to.id));
  EXPECT_EQ(with.begin_stop().wait_for(std::chrono::seconds(60)), std::future_status::ready);
}

}  // namespace
}  // namespace posthorn::dispatch
