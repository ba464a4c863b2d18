#include "policy/failure_limit.hpp"

#include <gtest/gtest.h>

namespace posthorn::policy {
namespace {

constexpr failure_rule rule{.burst = 3, .one_more_ms = 1'000};

TEST(FailureLimit, AllowsABurstAndThenOneEachInterval) {
  failure_budget budget;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(failure_wait_ms(rule, budget, 50'000), 0) << i;
    budget = after_failure(rule, budget, 50'000);
  }
  EXPECT_EQ(failure_wait_ms(rule, budget, 50'000), 1'000);
  EXPECT_EQ(failure_wait_ms(rule, budget, 50'999), 1);
  EXPECT_EQ(failure_wait_ms(rule, budget, 51'000), 0);
  budget = after_failure(rule, budget, 51'000);
  EXPECT_EQ(failure_wait_ms(rule, budget, 51'000), 1'000);
}

TEST(FailureLimit, DoesNotCountFailuresThatHadToWait) {
  failure_budget budget;
  for (int i = 0; i < 1'000; ++i) budget = after_failure(rule, budget, 50'000);
  EXPECT_EQ(failure_wait_ms(rule, budget, 50'000), 1'000);
}

TEST(FailureLimit, ForgetsAllInTime) {
  failure_budget budget;
  for (int i = 0; i < 3; ++i) budget = after_failure(rule, budget, 50'000);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(failure_wait_ms(rule, budget, 53'000), 0) << i;
    budget = after_failure(rule, budget, 53'000);
  }
  EXPECT_GT(failure_wait_ms(rule, budget, 53'000), 0);
}

// Over any stretch of time no more pass than the burst and what the stretch gives back.
TEST(FailureLimit, HoldsOverEveryPattern) {
  for (std::int64_t step : {0, 1, 7, 333, 999, 1'000, 1'001, 2'500}) {
    failure_budget budget;
    std::int64_t passed = 0;
    base::epoch_ms now = 1'000'000;
    for (int i = 0; i < 500; ++i, now += step) {
      if (failure_wait_ms(rule, budget, now) == 0) ++passed;
      budget = after_failure(rule, budget, now);
      EXPECT_LE(passed, rule.burst + (now - 1'000'000) / rule.one_more_ms) << step;
    }
  }
}

}  // namespace
}  // namespace posthorn::policy
