#include "policy/engine_progress.hpp"

#include <gtest/gtest.h>

namespace posthorn::policy {
namespace {

constexpr std::int64_t limit = 1'000;

TEST(engine_progress, moves_up_to_the_limit) {
  EXPECT_EQ(judge({}, limit), engine_state::moving);
  EXPECT_EQ(judge({.stalled_ms = limit, .since_turn_ms = limit}, limit), engine_state::moving);
}

TEST(engine_progress, is_stuck_beyond_it) {
  EXPECT_EQ(judge({.stalled_ms = limit + 1}, limit), engine_state::not_sending);
  EXPECT_EQ(judge({.since_turn_ms = limit + 1}, limit), engine_state::not_writing);
}

TEST(engine_progress, names_the_writer_first_as_lanes_wait_for_it) {
  EXPECT_EQ(judge({.stalled_ms = limit + 1, .since_turn_ms = limit + 1}, limit), engine_state::not_writing);
}

}  // namespace
}  // namespace posthorn::policy
