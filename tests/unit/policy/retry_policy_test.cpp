#include "policy/retry_policy.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/limits.hpp"

namespace posthorn::policy {
namespace {

using enum model::success_rule;
using model::error_class;
using model::retry_on;

constexpr base::epoch_ms day_ms = 24LL * 3600 * 1000;

TEST(success_rule, takes_what_the_endpoint_asked_for) {
  struct row {
    int status;
    bool as_200, as_2xx;
  };
  constexpr row rows[] = {
      {0, false, false},   {100, false, false}, {101, false, false}, {199, false, false}, {200, true, true},
      {201, false, true},  {202, false, true},  {204, false, true},  {226, false, true},  {299, false, true},
      {300, false, false}, {301, false, false}, {302, false, false}, {304, false, false}, {307, false, false},
      {308, false, false}, {400, false, false}, {404, false, false}, {410, false, false}, {429, false, false},
      {500, false, false}, {503, false, false}, {599, false, false}, {999, false, false},
  };
  for (const row& each : rows) {
    EXPECT_EQ(is_success(only_200, each.status), each.as_200) << each.status;
    EXPECT_EQ(is_success(any_2xx, each.status), each.as_2xx) << each.status;
  }
}

constexpr error_class every_error[] = {error_class::dns,      error_class::address_refused, error_class::connect,
                                       error_class::tls,      error_class::timeout,         error_class::connection,
                                       error_class::protocol, error_class::too_large,       error_class::configuration};

TEST(failure_kind, of_an_answer_follows_the_rule) {
  using enum failure_kind;
  struct row {
    int status;
    failure_kind under_status;
  };
  constexpr row rows[] = {
      {101, final},     {200, final},     {204, final},           {301, final},     {302, final},     {304, final},
      {307, final},     {308, final},     {400, final},           {401, final},     {403, final},     {404, final},
      {405, final},     {407, final},     {408, retryable},       {409, final},     {411, final},     {413, final},
      {422, final},     {424, final},     {425, retryable},       {426, final},     {428, final},     {429, retryable},
      {431, final},     {451, final},     {499, final},           {500, retryable}, {501, retryable}, {502, retryable},
      {503, retryable}, {504, retryable}, {410, final_disabling}, {511, retryable}, {599, retryable},
  };
  for (const row& each : rows) {
    EXPECT_EQ(classify_failure(retry_on::status, each.status, error_class::none), each.under_status) << each.status;
    EXPECT_EQ(classify_failure(retry_on::any_failure, each.status, error_class::none), retryable) << each.status;
  }
}

TEST(failure_kind, of_a_broken_exchange_is_always_retryable) {
  for (const retry_on rule : {retry_on::any_failure, retry_on::status}) {
    for (const error_class error : every_error) {
      // 0: nothing was answered. The others: the head had been read before the exchange broke.
      for (const int status : {0, 200, 302, 404, 410, 500}) {
        EXPECT_EQ(classify_failure(rule, status, error), failure_kind::retryable)
            << model::to_string(rule) << ' ' << status << ' ' << model::to_string(error);
      }
    }
    EXPECT_EQ(classify_failure(rule, 0, error_class::none), failure_kind::retryable);
  }
}

TEST(next_due, follows_the_default_schedule_and_is_then_used_up) {
  constexpr base::epoch_ms now = 1'700'000'000'000;
  constexpr std::int64_t waits_s[] = {0, 5, 30, 120, 600, 1800, 7200, 18000, 36000, 86400};
  const model::retry_setting retry;
  for (int tries = 0; tries < 10; ++tries) {
    EXPECT_EQ(next_due(retry, tries, now, 0.0), now + waits_s[tries] * 1000) << tries;
  }
  EXPECT_EQ(next_due(retry, 10, now, 0.0), std::nullopt);
  EXPECT_EQ(next_due(retry, 11, now, 0.0), std::nullopt);
  EXPECT_EQ(next_due(retry, -1, now, 0.0), std::nullopt);
}

TEST(next_due, adds_at_most_a_fifth_and_is_never_early) {
  constexpr base::epoch_ms now = 1'700'000'000'000;
  const model::retry_setting retry;
  const double just_below_one = std::nextafter(1.0, 0.0);
  for (int tries = 0; tries < 10; ++tries) {
    const base::epoch_ms wait = retry.schedule_s[static_cast<std::size_t>(tries)] * 1000LL;
    base::epoch_ms before = now + wait;
    for (const double chance : {0.0, 0.001, 0.25, 0.5, 0.75, 0.999, just_below_one}) {
      const auto due = next_due(retry, tries, now, chance);
      ASSERT_TRUE(due);
      EXPECT_GE(*due, before) << "grows with chance";
      EXPECT_LE(*due, now + wait + wait / 5) << tries << ' ' << chance;
      before = *due;
    }
    EXPECT_EQ(next_due(retry, tries, now, 0.5), now + wait + wait / 10) << "jitter spreads over the whole fifth";
  }
}

TEST(next_due, takes_an_endpoints_own_schedule_up_to_its_limits) {
  model::retry_setting retry{.schedule_s = {0}, .on = retry_on::any_failure};
  EXPECT_EQ(next_due(retry, 1, 5, 0.0), std::nullopt) << "one try and no more";
  retry.schedule_s = {};
  EXPECT_EQ(next_due(retry, 0, 5, 0.0), std::nullopt);
  retry.schedule_s.assign(base::limits::tries_max, base::limits::retry_delay_s_max);
  EXPECT_EQ(next_due(retry, static_cast<int>(base::limits::tries_max) - 1, 5, 0.0), 5 + 7 * day_ms);
  EXPECT_EQ(next_due(retry, static_cast<int>(base::limits::tries_max), 5, 0.0), std::nullopt);
}

TEST(retry_after, reads_seconds_bounded_by_a_day) {
  struct row {
    const char* text;
    std::optional<base::epoch_ms> ms;
  };
  const row rows[] = {
      {"0", 0},
      {"1", 1000},
      {"007", 7000},
      {"120", 120'000},
      {"86399", day_ms - 1000},
      {"86400", day_ms},
      {"86401", day_ms},
      {"2147483647", day_ms},
      {"2147483648", day_ms},
      {"99999999999999999999999999", day_ms},
      {"", std::nullopt},
      {" 5", std::nullopt},
      {"5 ", std::nullopt},
      {"-5", std::nullopt},
      {"+5", std::nullopt},
      {"1.5", std::nullopt},
      {"5s", std::nullopt},
      {"0x10", std::nullopt},
      {"1e3", std::nullopt},
      {"soon", std::nullopt},
      {"12, 13", std::nullopt},
  };
  for (const row& each : rows) {
    EXPECT_EQ(retry_after_ms(each.text, std::nullopt), each.ms) << '"' << each.text << '"';
  }
  EXPECT_EQ(retry_after_ms(std::nullopt, std::nullopt), std::nullopt);
  EXPECT_EQ(retry_after_ms(std::nullopt, "Thu, 15 Jan 2026 10:30:00 GMT"), std::nullopt);
  EXPECT_EQ(retry_after_ms("30", "no date"), 30'000) << "seconds need no Date";
}

TEST(retry_after, reads_a_date_against_the_answers_own_date) {
  constexpr const char* answered = "Thu, 15 Jan 2026 10:30:00 GMT";
  EXPECT_EQ(retry_after_ms("Thu, 15 Jan 2026 10:30:00 GMT", answered), 0);
  EXPECT_EQ(retry_after_ms("Thu, 15 Jan 2026 10:32:05 GMT", answered), 125'000);
  EXPECT_EQ(retry_after_ms("Thu, 15 Jan 2026 10:29:59 GMT", answered), 0) << "already over";
  EXPECT_EQ(retry_after_ms("Fri, 16 Jan 2026 10:30:00 GMT", answered), day_ms);
  EXPECT_EQ(retry_after_ms("Fri, 16 Jan 2026 10:30:01 GMT", answered), day_ms) << "bounded";
  EXPECT_EQ(retry_after_ms("Fri, 31 Dec 9999 23:59:59 GMT", answered), day_ms);
  // A receiver whose clock is decades wrong still asks for the two minutes that it means.
  EXPECT_EQ(retry_after_ms("Thu, 01 Jan 1970 00:02:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"), 120'000);
  EXPECT_EQ(retry_after_ms("Thu, 15 Jan 2026 10:32:05 GMT", std::nullopt), std::nullopt);
  EXPECT_EQ(retry_after_ms("Thu, 15 Jan 2026 10:32:05 GMT", "yesterday"), std::nullopt);
  EXPECT_EQ(retry_after_ms("tomorrow", answered), std::nullopt);
}

TEST(http_date, reads_what_the_clock_writes) {
  for (const base::epoch_ms at : {0LL, 951'782'400'000LL, 1'709'164'800'000LL, 1'768'473'000'000LL, 4'102'444'799'000LL,
                                  253'402'300'799'000LL, -1000LL}) {
    EXPECT_EQ(parse_http_date(base::to_http_date(at)), at) << base::to_http_date(at);
  }
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), 784'111'777'000) << "RFC 9110 section 5.6.7";
  EXPECT_EQ(parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT"), 1'483'228'800'000) << "a leap second";
}

TEST(http_date, refuses_everything_else) {
  const char* const refused[] = {
      "",
      "Sun",
      "Sunday, 06-Nov-94 08:49:37 GMT",  // RFC 850
      "Sun Nov  6 08:49:37 1994",        // asctime
      "Sun, 06 Nov 1994 08:49:37 UTC",
      "Sun, 06 Nov 1994 08:49:37 gmt",
      "Sun, 06 Nov 1994 08:49:37 GMT ",
      " Sun, 06 Nov 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 08:49:37 +0000",
      "Sun, 06-Nov-1994 08:49:37 GMT",
      "Sun, 06 Nov 1994T08:49:37 GMT",
      "Sun; 06 Nov 1994 08:49:37 GMT",
      "Sun, 06 nov 1994 08:49:37 GMT",
      "Sun, 06 Foo 1994 08:49:37 GMT",
      "Sun, 00 Nov 1994 08:49:37 GMT",
      "Sun, 31 Nov 1994 08:49:37 GMT",
      "Tue, 29 Feb 2023 08:49:37 GMT",
      "Sun, -6 Nov 1994 08:49:37 GMT",
      "Sun,  6 Nov 1994 08:49:37 GMT",
      "Sun, 06 Nov -994 08:49:37 GMT",
      "Sun, 06 Nov 19x4 08:49:37 GMT",
      "Sun, 06 Nov 1994 24:00:00 GMT",
      "Sun, 06 Nov 1994 08:60:37 GMT",
      "Sun, 06 Nov 1994 08:49:61 GMT",
      "Sun, 06 Nov 1994 08.49.37 GMT",
      "Sun, 06 Nov 1994  8:49:37 GMT",
  };
  for (const char* text : refused) EXPECT_EQ(parse_http_date(text), std::nullopt) << '"' << text << '"';
}

}  // namespace
}  // namespace posthorn::policy
