#include "policy/rate_limit.hpp"

#include <gtest/gtest.h>

#include <random>

namespace posthorn::policy {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

// How many of `tries` claims, one every `every_ns`, are granted.
int granted(const model::rate_limit& limit, int tries, std::int64_t every_ns) {
  std::int64_t arrival = 0;
  int count = 0;
  for (int i = 0; i < tries; ++i) {
    const rate_claim made = claim(limit, arrival, second_ns + i * every_ns);
    if (!made.granted) continue;
    arrival = made.arrival_ns;
    ++count;
  }
  return count;
}

TEST(rate_limit, grants_the_burst_at_once_and_then_the_rate) {
  const model::rate_limit limit{.per_second = 50, .burst = 10};
  EXPECT_EQ(granted(limit, 100, 0), 10);
  EXPECT_EQ(granted(limit, 2'001, second_ns / 1'000), 10 + 2 * 50) << "two seconds, asked a thousand times each";
}

TEST(rate_limit, a_changed_limit_holds_at_once) {
  const model::rate_limit slow{.per_second = 1, .burst = 1'000};
  const model::rate_limit fast{.per_second = 100, .burst = 10};
  std::int64_t arrival = 0;
  for (int i = 0; i < 1'000; ++i) arrival = claim(slow, arrival, second_ns).arrival_ns;
  EXPECT_FALSE(claim(slow, arrival, second_ns).granted);
  const rate_claim next = claim(fast, arrival, second_ns);
  EXPECT_FALSE(next.granted);
  EXPECT_LE(next.wait_ns, second_ns / 100);
}

TEST(rate_limit, without_a_burst_requests_are_evenly_apart) {
  const model::rate_limit limit{.per_second = 4, .burst = 1};
  const rate_claim first = claim(limit, 0, second_ns);
  ASSERT_TRUE(first.granted);
  const rate_claim early = claim(limit, first.arrival_ns, second_ns + 1);
  EXPECT_FALSE(early.granted);
  EXPECT_EQ(early.wait_ns, second_ns / 4 - 1);
  EXPECT_TRUE(claim(limit, first.arrival_ns, second_ns + 1 + early.wait_ns).granted);
}

TEST(rate_limit, a_pause_gives_back_no_more_than_the_burst) {
  const model::rate_limit limit{.per_second = 10, .burst = 5};
  std::int64_t arrival = 0;
  for (const std::int64_t at : {second_ns, 1'000 * second_ns}) {
    int count = 0;
    for (rate_claim made = claim(limit, arrival, at); made.granted; made = claim(limit, arrival, at)) {
      arrival = made.arrival_ns;
      ++count;
    }
    EXPECT_EQ(count, 5);
  }
}

TEST(rate_limit, never_grants_more_than_burst_and_rate_in_any_window) {
  std::mt19937_64 chance(7);
  const model::rate_limit limit{.per_second = 100, .burst = 20};
  std::vector<std::int64_t> at;
  std::int64_t arrival = 0, now = second_ns;
  for (int i = 0; i < 20'000; ++i) {
    now += static_cast<std::int64_t>(chance() % (second_ns / 100));
    const rate_claim made = claim(limit, arrival, now);
    if (!made.granted) continue;
    arrival = made.arrival_ns;
    at.push_back(now);
  }
  for (std::size_t first = 0, last = 0; last < at.size(); ++last) {
    while (at[last] - at[first] >= second_ns) ++first;
    ASSERT_LE(last - first + 1, 100u + 20u);
  }
}

}  // namespace
}  // namespace posthorn::policy
