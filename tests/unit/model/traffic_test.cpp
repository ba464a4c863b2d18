#include "model/traffic.hpp"

#include <gtest/gtest.h>

namespace posthorn::model {
namespace {

// "off by 19 % at most": a range is that wide.
void expect_about(std::int64_t read_us, double true_us) {
  EXPECT_GE(static_cast<double>(read_us), true_us / 1.19);
  EXPECT_LE(static_cast<double>(read_us), true_us * 1.19);
}

TEST(TrafficCount, HasNoPercentileWithoutAttempts) { EXPECT_EQ(traffic_count{}.percentile_us(0.5), 0); }

TEST(TrafficCount, ReadsPercentilesBack) {
  traffic_count count;
  for (int ms = 1; ms <= 1000; ++ms) count.note_attempt(ms * 1000);
  EXPECT_EQ(count.attempts, 1000u);
  expect_about(count.percentile_us(0.5), 500e3);
  expect_about(count.percentile_us(0.95), 950e3);
  expect_about(count.percentile_us(1), 1000e3);
}

TEST(TrafficCount, TakesTheShortestAndTheLongest) {
  traffic_count count;
  count.note_attempt(0);
  EXPECT_LE(count.percentile_us(1), 250);
  count.note_attempt(2'000'000'000);
  EXPECT_GE(count.percentile_us(1), 60'000'000);
  EXPECT_EQ(count.took.back(), 1u);
}

TEST(TrafficCount, AddsUp) {
  traffic_count one;
  one.note_attempt(1000);
  one.delivered = 1;
  traffic_count other;
  other.note_attempt(4'000'000);
  other.failed = 2;
  one.add(other);
  EXPECT_EQ(one.attempts, 2u);
  EXPECT_EQ(one.delivered, 1u);
  EXPECT_EQ(one.failed, 2u);
  expect_about(one.percentile_us(0.5), 1000);
  expect_about(one.percentile_us(1), 4e6);
}

}  // namespace
}  // namespace posthorn::model
