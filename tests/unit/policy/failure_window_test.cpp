#include "policy/failure_window.hpp"

#include <gtest/gtest.h>

namespace posthorn::policy {
namespace {

constexpr window_rule three_a_minute{.failures_max = 3, .window_ms = 60'000};

TEST(failure_window, allows_so_many_within_any_span) {
  failure_window failures;
  for (const base::epoch_ms at : {0, 10'000, 20'000}) {
    EXPECT_EQ(failures.wait_ms(three_a_minute, at), 0);
    failures.add(three_a_minute, at);
  }
  EXPECT_EQ(failures.wait_ms(three_a_minute, 20'000), 40'000);
  EXPECT_EQ(failures.wait_ms(three_a_minute, 59'999), 1);
  EXPECT_EQ(failures.wait_ms(three_a_minute, 60'000), 0) << "the first is a minute ago";
  failures.add(three_a_minute, 60'000);
  EXPECT_EQ(failures.wait_ms(three_a_minute, 60'000), 10'000) << "until the second is";
}

TEST(failure_window, does_not_count_what_is_beyond) {
  failure_window failures;
  for (int i = 0; i < 100; ++i) failures.add(three_a_minute, i);
  EXPECT_EQ(failures.wait_ms(three_a_minute, 100), 59'900);
  EXPECT_EQ(failures.wait_ms(three_a_minute, 60'000), 0);
}

}  // namespace
}  // namespace posthorn::policy
