#include "store/sqlite/intake_queue.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace limits = base::limits;

constexpr model::endpoint_id endpoint = 7;
constexpr base::epoch_ms start = 1'000'000;

std::vector<accept_work> requests(std::size_t count, std::size_t events, base::epoch_ms since) {
  std::vector<accept_work> made(count);
  for (accept_work& each : made) {
    each.since = since;
    each.drafts.resize(events);
    for (event_draft& draft : each.drafts) draft.targets = {endpoint};
  }
  return made;
}

std::size_t events_of(const std::vector<accept_work>& works) {
  std::size_t sum = 0;
  for (const accept_work& each : works) sum += each.drafts.size();
  return sum;
}

class intake : public ::testing::Test {
 protected:
  void SetUp() override { lane.active = true; }
  void lane_holds(std::size_t deliveries) {
    for (std::size_t i = 0; i < deliveries; ++i)
      known.add_direct({.id = ++last, .event = 1, .endpoint = endpoint, .since = start});
  }
  // As many in each millisecond of the time that passes.
  void lane_delivers(std::size_t per_ms, base::epoch_ms for_ms) {
    for (base::epoch_ms end = now + for_ms; now < end; ++now) {
      for (std::size_t i = 0; i < per_ms; ++i) lane.drains.count(now);
    }
  }
  std::vector<accept_work> next(std::vector<accept_work> arrived, bool all_lanes = false) {
    return queue.next_group(std::move(arrived), known, now, all_lanes);
  }

  ledger known;
  lane_state& lane = known.add_lane(endpoint);
  intake_queue queue;
  base::epoch_ms now = start;
  model::delivery_id last = 0;
};

TEST_F(intake, TakesAllWhileLanesHoldLittle) {
  lane_delivers(10, 200);
  EXPECT_EQ(next(requests(5, 100, now)).size(), 5u);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.next_at(), never);
}

TEST_F(intake, BoundsAGroupAndTakesTheRestAtOnce) {
  const std::size_t per_request = limits::commit_group_events_max / 2;
  EXPECT_EQ(next(requests(5, per_request, now)).size(), 2u);
  EXPECT_EQ(queue.next_at(), now);
  EXPECT_EQ(next({}).size(), 2u);
  EXPECT_EQ(next({}).size(), 1u);
  EXPECT_TRUE(queue.empty());
}

TEST_F(intake, WaitsForALaneThatDrainsFast) {
  lane_holds(limits::lane_busy_deliveries - 150);
  lane_delivers(20, 200);
  EXPECT_EQ(events_of(next(requests(6, 100, now))), 200u);
  EXPECT_FALSE(queue.empty());
  EXPECT_EQ(queue.next_at(), now + limits::accept_wait_ms_max);
}

TEST_F(intake, GoesOnAsTheLaneDrains) {
  lane_holds(limits::lane_busy_deliveries);
  lane_delivers(20, 200);
  EXPECT_TRUE(next(requests(2, 100, now)).empty());
  for (model::delivery_id id = 1; id <= 101; ++id) known.close_direct(*known.direct(id));
  EXPECT_EQ(next({}).size(), 2u);
  EXPECT_TRUE(queue.empty());
}

TEST_F(intake, GivesALaneThatHasJustBegunTheBenefitOfTheDoubt) {
  lane_holds(limits::lane_busy_deliveries);
  EXPECT_TRUE(next(requests(1, 1, now)).empty());
  now += drain_meter::window_ms;
  EXPECT_EQ(next({}).size(), 1u);
}

TEST_F(intake, DoesNotWaitForASlowLane) {
  lane_holds(limits::lane_busy_deliveries);
  lane_delivers(1, 200);
  EXPECT_EQ(next(requests(2, 100, now)).size(), 2u);
}

TEST_F(intake, DoesNotWaitForALaneThatHasStopped) {
  lane_holds(limits::lane_busy_deliveries);
  lane_delivers(20, 200);
  now += 2 * drain_meter::window_ms;
  EXPECT_EQ(next(requests(2, 100, now)).size(), 2u);
}

TEST_F(intake, CountsTheBacklogOfALane) {
  lane_delivers(20, 200);
  lane.pending_rows = limits::lane_busy_deliveries;
  EXPECT_TRUE(next(requests(1, 1, now)).empty());
  lane.pending_rows = 1'000'000;
  EXPECT_EQ(next({}).size(), 1u);
}

TEST_F(intake, WaitsNoLongerThanTheLimit) {
  lane_holds(limits::lane_busy_deliveries);
  lane_delivers(20, 200);
  const base::epoch_ms arrived = now;
  EXPECT_TRUE(next(requests(1, 100, arrived)).empty());
  lane_delivers(20, limits::accept_wait_ms_max - 1);
  EXPECT_TRUE(next({}).empty());
  lane_delivers(20, 1);
  EXPECT_EQ(next({}).size(), 1u);
}

TEST_F(intake, OthersNeedNotWait) {
  lane_holds(limits::lane_busy_deliveries);
  lane_delivers(20, 200);
  auto both = requests(2, 1, now);
  both[1].drafts.front().targets = {endpoint + 1};
  known.add_lane(endpoint + 1);
  const auto taken = next(std::move(both));
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken.front().drafts.front().targets.front(), endpoint + 1);
}

TEST_F(intake, DoesNotWaitForALaneThatIsNotSentTo) {
  lane_holds(limits::lane_busy_deliveries);
  lane_delivers(20, 200);
  lane.active = false;
  EXPECT_EQ(next(requests(2, 100, now)).size(), 2u);
  EXPECT_TRUE(queue.empty());
}

TEST_F(intake, WaitsForNobodyWhenToldSo) {
  lane_holds(limits::lane_busy_deliveries);
  lane_delivers(20, 200);
  EXPECT_TRUE(next(requests(2, 100, now)).empty());
  EXPECT_EQ(next({}, true).size(), 2u);
  EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace posthorn::store::sqlite
