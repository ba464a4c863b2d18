#include "cli/dice.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace posthorn::cli {
namespace {

TEST(dice, the_same_seed_and_stream_give_the_same_sequence) {
  dice one(7, 3), again(7, 3), other_stream(7, 4), other_seed(8, 3);
  const auto first = one.next();
  EXPECT_EQ(again.next(), first);
  EXPECT_NE(other_stream.next(), first);
  EXPECT_NE(other_seed.next(), first);
}

// Whoever keeps a seed counts on it.
TEST(dice, the_sequence_of_a_seed_never_changes) {
  dice known(1, 2);
  EXPECT_EQ(known.next(), 15234751897250297732u);
  EXPECT_EQ(known.next(), 14956336671121928606u);
}

TEST(dice, between_reaches_both_ends_and_nothing_beyond) {
  dice chance(1, 0);
  int least = 0, most = 0;
  for (int i = 0; i < 1'000; ++i) {
    const auto value = chance.between(-2, 3);
    ASSERT_GE(value, -2);
    ASSERT_LE(value, 3);
    least += value == -2 ? 1 : 0;
    most += value == 3 ? 1 : 0;
  }
  EXPECT_GT(least, 100);
  EXPECT_GT(most, 100);
  EXPECT_EQ(chance.between(5, 5), 5);
}

TEST(dice, the_bell_is_centred_and_bounded) {
  dice chance(1, 0);
  double sum = 0, squares = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double value = chance.bell();
    ASSERT_LE(std::abs(value), 3);
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / 10'000, 0, 0.05);
  EXPECT_NEAR(squares / 10'000, 1, 0.1);
}

}  // namespace
}  // namespace posthorn::cli
