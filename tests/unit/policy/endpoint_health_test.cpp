#include "policy/endpoint_health.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace posthorn::policy {
namespace {

namespace limits = base::limits;
using model::health_change;

constexpr base::epoch_ms now = 2'000'000'000'000;
constexpr model::health_setting usual{};  // 10 failures, 50 % of 60 s, 5 days

// What the rule says in words, computed another way, for every combination near the bounds.
TEST(endpoint_health, opens_at_enough_failures_of_several_deliveries_and_a_large_share) {
  int opened = 0;
  for (const std::int32_t failures_min : {1, 2, 3, 10}) {
    for (const std::int32_t percent : {1, 50, 100}) {
      const model::health_setting setting{.failures_min = failures_min, .failure_percent_min = percent};
      for (std::int64_t failures = 0; failures <= 12; ++failures) {
        for (std::int64_t successes = 0; successes <= 24; ++successes) {
          for (std::int32_t deliveries = 0; deliveries <= limits::breaker_deliveries_min; ++deliveries) {
            const bool enough = failures > failures_min - 1;
            const bool several = deliveries == limits::breaker_deliveries_min || deliveries >= failures_min;
            const bool share = static_cast<double>(failures) / static_cast<double>(failures + successes) * 100.0 >
                               static_cast<double>(percent) - 1e-9;
            const bool opens = breaker_opens(setting, {failures + successes, failures, deliveries});
            EXPECT_EQ(opens, enough && several && share)
                << failures_min << ' ' << percent << ' ' << failures << ' ' << successes << ' ' << deliveries;
            opened += opens ? 1 : 0;
          }
        }
      }
    }
  }
  EXPECT_GT(opened, 0);
}

TEST(endpoint_health, stays_closed_however_often_one_delivery_fails) {
  EXPECT_FALSE(breaker_opens(usual, {1'000, 1'000, 1}));
  EXPECT_FALSE(breaker_opens(usual, {1'000, 1'000, limits::breaker_deliveries_min - 1}));
  EXPECT_TRUE(breaker_opens(usual, {1'000, 1'000, limits::breaker_deliveries_min}));
}

TEST(endpoint_health, counts_without_overflow) {
  constexpr std::int64_t many = 1LL << 40;
  EXPECT_TRUE(breaker_opens(usual, {many, many / 2, 3}));
  EXPECT_FALSE(breaker_opens(usual, {many, many / 2 - 1, 3}));
}

TEST(endpoint_health, doubles_the_gap_between_probes_up_to_its_bound) {
  const base::epoch_ms gaps_s[] = {5, 10, 20, 40, 80, 160, 300, 300};
  int failed = 0;
  for (const base::epoch_ms gap : gaps_s) EXPECT_EQ(next_probe_at(failed++, now, 0), now + gap * 1'000);
  EXPECT_EQ(next_probe_at(2'000'000'000, now, 0), now + 300'000);
}

TEST(endpoint_health, spreads_probes_by_chance_and_never_early) {
  for (int failed = 0; failed < 10; ++failed) {
    const base::epoch_ms gap = next_probe_at(failed, now, 0) - now;
    base::epoch_ms before = 0;
    for (const double chance : {0.0, 0.25, 0.5, 0.999}) {
      const base::epoch_ms at = next_probe_at(failed, now, chance);
      EXPECT_GE(at, now + gap);
      EXPECT_LT(at, now + gap + gap / 5 + 1);
      EXPECT_GT(at, before);
      before = at;
    }
  }
}

TEST(endpoint_health, gives_up_after_the_time_of_nothing_but_failure) {
  const base::epoch_ms since = now - usual.disable_after_s * 1'000LL;
  EXPECT_TRUE(failing_too_long(usual, since, now));
  EXPECT_FALSE(failing_too_long(usual, since + 1, now));
  EXPECT_FALSE(failing_too_long(usual, 0, now)) << "the first failure";
  EXPECT_FALSE(failing_too_long({.disable_after_s = 0}, 1, now)) << "never";
  EXPECT_TRUE(failing_too_long({.disable_after_s = limits::disable_after_s_max}, 1, now));
}

// Every kind of attempt, against every condition that it may meet.
TEST(endpoint_health, decides_every_case) {
  constexpr window_counts calm{100, 1, 1};
  constexpr window_counts bad{10, 10, 3};
  const base::epoch_ms long_ago = now - usual.disable_after_s * 1'000LL;
  for (const bool success : {false, true}) {
    for (const bool probe : {false, true}) {
      for (const window_counts& window : {calm, bad}) {
        for (const base::epoch_ms since : {base::epoch_ms{0}, now - 1'000, long_ago}) {
          const health_decision made = decide_health(usual, {success, probe, window, 2, since}, now, 0);
          health_change expected = health_change::none;
          if (success && probe) expected = health_change::close;
          if (!success && !probe && window.failures == 10) expected = health_change::open;
          if (!success && probe) expected = health_change::stay_open;
          if (!success && since == long_ago) expected = health_change::disable;
          EXPECT_EQ(made.change, expected) << success << probe << window.failures << ' ' << since;
          const bool later = expected == health_change::open || expected == health_change::stay_open;
          EXPECT_EQ(made.probe_at > now, later);
        }
      }
    }
  }
}

TEST(endpoint_health, plans_the_first_probe_soon_and_each_later_one_further_off) {
  const health_decision opened = decide_health(usual, {.window = {10, 10, 3}}, now, 0);
  EXPECT_EQ(opened.change, health_change::open);
  EXPECT_EQ(opened.probe_at, now + 5'000);
  EXPECT_EQ(decide_health(usual, {.probe = true, .probes_failed = 0}, now, 0).probe_at, now + 10'000);
  EXPECT_EQ(decide_health(usual, {.probe = true, .probes_failed = 1}, now, 0).probe_at, now + 20'000);
}

}  // namespace
}  // namespace posthorn::policy
