#include "live/tail.hpp"

#include <gtest/gtest.h>

namespace posthorn::live {
namespace {

seen_attempt one(model::integration_no of, std::int32_t number) {
  seen_attempt made;
  made.integration = of;
  made.number = number;
  return made;
}

std::vector<std::int32_t> numbers(const std::vector<seen_attempt>& of) {
  std::vector<std::int32_t> all;
  for (const seen_attempt& each : of) all.push_back(each.number);
  return all;
}

using list = std::vector<std::int32_t>;

TEST(Tail, IsWatchedWhileSomebodyLooksOn) {
  tail live;
  EXPECT_FALSE(live.is_watched());
  {
    const tail::watcher first(live, 1);
    const tail::watcher second(live, 2);
    EXPECT_TRUE(live.is_watched());
  }
  EXPECT_FALSE(live.is_watched());
}

TEST(Tail, ShowsWhatCameSinceOfOneIntegration) {
  tail live;
  live.note(one(1, 1));
  tail::watcher look(live, 1);
  EXPECT_TRUE(look.take(10).empty()) << "from now on";
  live.note(one(1, 2));
  live.note(one(2, 3));
  live.note(one(1, 4));
  EXPECT_EQ(numbers(look.take(10)), (list{2, 4}));
  EXPECT_TRUE(look.take(10).empty());
}

TEST(Tail, OfAFloodTheNewest) {
  tail live(3);
  tail::watcher look(live, 1);
  for (std::int32_t n = 1; n <= 5; ++n) live.note(one(1, n));
  EXPECT_EQ(numbers(look.take(2)), (list{4, 5}));
  for (std::int32_t n = 6; n <= 9; ++n) live.note(one(1, n));
  EXPECT_EQ(numbers(look.take(10)), (list{7, 8, 9}));
}

}  // namespace
}  // namespace posthorn::live
