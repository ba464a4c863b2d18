#include "base/histogram.hpp"

#include <gtest/gtest.h>

namespace posthorn::base {
namespace {

constexpr std::array<std::int64_t, 2> bounds{10, 20};

TEST(histogram, counts_each_measure_in_the_bucket_that_it_is_the_end_of) {
  histogram<bounds> one;
  for (const std::int64_t measure : {-5, 0, 10, 11, 20, 21, 1000}) one.note(measure);
  tally all;
  one.add_to(all);
  EXPECT_EQ(all.counts, (std::vector<std::uint64_t>{3, 2, 2}));
  EXPECT_EQ(all.sum, 1062U);
  EXPECT_EQ(all.bounds.size(), 2U);
}

TEST(histogram, is_added_to_others) {
  histogram<bounds> one, other;
  one.note(5);
  other.note(15);
  tally all;
  one.add_to(all);
  other.add_to(all);
  EXPECT_EQ(all.counts, (std::vector<std::uint64_t>{1, 1, 0}));
  EXPECT_EQ(all.sum, 20U);
}

}  // namespace
}  // namespace posthorn::base
