#include "cli/profile.hpp"

#include <gtest/gtest.h>

#include <map>

namespace posthorn::cli {
namespace {

std::map<habit, int> counted(const profile& of, std::uint64_t seed, int people) {
  std::map<habit, int> counts;
  for (int place = 0; place < people; ++place) ++counts[habit_of(of, seed, static_cast<std::size_t>(place))];
  return counts;
}

TEST(profile, names_are_found_and_others_are_not) {
  for (const profile& each : profiles()) EXPECT_EQ(find_profile(each.name), &each);
  EXPECT_EQ(find_profile("nobody"), nullptr);
  EXPECT_EQ(find_profile("android")->platform, "ANDROID");
  EXPECT_EQ(find_profile("ios")->platform, "IOS");
  EXPECT_TRUE(find_profile("mixed")->platform.empty());
}

TEST(profile, people_come_in_proportion) {
  for (const profile& each : profiles()) {
    auto counts = counted(each, 11, 1'000);
    int weights = 0;
    for (const share& part : each.shares) weights += part.weight;
    for (const share& part : each.shares) {
      EXPECT_NEAR(counts[part.of], 1'000.0 * part.weight / weights, 6) << each.name << " " << to_string(part.of);
    }
  }
}

TEST(profile, forty_people_already_show_every_kind_of_end) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    std::map<ending, int> ends;
    for (const auto& [who, count] : counted(*find_profile("mixed"), seed, 40)) ends[planned_by(who)] += count;
    EXPECT_EQ(ends.size(), 4u) << "seed " << seed;
    EXPECT_GT(ends[ending::complete], 25) << "seed " << seed;
  }
}

TEST(profile, finishers_finish_and_quitters_do_not) {
  for (const share& each : find_profile("finishers")->shares) EXPECT_EQ(planned_by(each.of), ending::complete);
  for (const share& each : find_profile("quitters")->shares) EXPECT_NE(planned_by(each.of), ending::complete);
}

}  // namespace
}  // namespace posthorn::cli
