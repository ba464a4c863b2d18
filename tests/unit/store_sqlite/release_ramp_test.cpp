#include "store/sqlite/release_ramp.hpp"

#include <gtest/gtest.h>

namespace posthorn::store::sqlite {
namespace {

namespace limits = base::limits;

TEST(release_ramp, begins_with_a_burst_and_doubles_every_second) {
  EXPECT_EQ(released_by(-5), limits::release_burst);
  EXPECT_EQ(released_by(0), limits::release_burst);
  EXPECT_EQ(released_by(500), limits::release_burst + 50);
  EXPECT_EQ(released_by(1'000), limits::release_burst + 100);
  EXPECT_EQ(released_by(2'000), limits::release_burst + 300);
  EXPECT_EQ(released_by(3'000), limits::release_burst + 700);
}

TEST(release_ramp, never_goes_back_and_is_never_faster_than_its_bound) {
  for (base::epoch_ms at = 0; at < 20'000; at += 10) {
    const std::int64_t more = released_by(at + 10) - released_by(at);
    EXPECT_GE(more, 1);
    EXPECT_LE(more, limits::release_per_s_max / 100 + 1);
  }
  const base::epoch_ms day = 86'400'000;
  EXPECT_EQ(released_by(day + 1'000) - released_by(day), limits::release_per_s_max);
}

}  // namespace
}  // namespace posthorn::store::sqlite
