// The parts without sockets: how a lane is spread, in which order it is taken, how much may wait in it.
#include "dispatch/lane.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "base/hash.hpp"
#include "dispatch/worker.hpp"

namespace posthorn::dispatch {
namespace {

namespace limits = base::limits;

TEST(lane_parts, are_no_more_than_workers_or_requests_in_flight) {
  EXPECT_EQ(lane_parts(1, 16), 1U);
  EXPECT_EQ(lane_parts(2, 16), 2U);
  EXPECT_EQ(lane_parts(8, 3), 3U);
  EXPECT_EQ(lane_parts(8, 1), 1U);
  EXPECT_EQ(lane_parts(8, 0), 1U);
}

TEST(lane_parts, share_out_exactly_what_is_allowed_in_flight) {
  for (const int in_flight_max : {1, 2, 3, 7, 16, 17, 255, 256}) {
    for (std::size_t workers = 1; workers <= 9; ++workers) {
      const std::size_t parts = lane_parts(workers, in_flight_max);
      std::set<std::size_t> on;
      int sum = 0;
      for (std::size_t part = 0; part < parts; ++part) {
        EXPECT_GE(share_of_part(in_flight_max, part, parts), 1);
        sum += share_of_part(in_flight_max, part, parts);
        on.insert(worker_of(123'456, part, workers));
      }
      EXPECT_EQ(sum, in_flight_max) << workers << " workers";
      EXPECT_EQ(on.size(), parts) << "each part on a worker of its own";
      EXPECT_LT(*on.rbegin(), workers);
    }
  }
}

TEST(lane_parts, hold_a_uid_on_one_part_and_use_all_parts) {
  std::set<std::size_t> parts, workers;
  for (int i = 0; i < 200; ++i) {
    const std::uint64_t hash = base::stable_hash("user-" + std::to_string(i));
    const std::size_t part = part_of(hash, 4);
    EXPECT_EQ(part, part_of(hash, 4));
    parts.insert(part);
    workers.insert(worker_of(i, 0, 4));
  }
  EXPECT_EQ(parts, (std::set<std::size_t>{0, 1, 2, 3}));
  EXPECT_EQ(workers, (std::set<std::size_t>{0, 1, 2, 3})) << "endpoints of one part spread over the workers";
}

queued_delivery queued(model::delivery_id id, bool first_try) {
  queued_delivery made;
  made.owed.id = id;
  made.owed.first_try = first_try;
  return made;
}

TEST(lane, takes_each_kind_in_the_order_it_came) {
  for (const bool first_try : {true, false}) {
    lane of;
    for (int i = 0; i < 10; ++i) of.push(queued(i, first_try));
    for (int i = 0; i < 10; ++i) EXPECT_EQ(of.pop().owed.id, i);
    EXPECT_TRUE(of.empty());
  }
}

TEST(lane, starves_neither_first_tries_nor_retries) {
  lane of;
  for (int i = 0; i < 100; ++i) {
    of.push(queued(i, true));
    of.push(queued(1'000 + i, false));
  }
  int retries = 0;
  for (int i = 0; i < 40; ++i) retries += of.pop().owed.first_try ? 0 : 1;
  EXPECT_EQ(retries, 40 / lane::retry_every);
  EXPECT_EQ(of.size(), 160U);
  while (!of.empty()) static_cast<void>(of.pop());
}

TEST(lane_rooms, refuse_beyond_the_queue_and_signal_once_at_the_half) {
  lane_rooms rooms;
  lane_room& room = rooms.of(1);
  EXPECT_EQ(&rooms.of(1), &room);
  for (std::size_t i = 0; i < limits::lane_queue_deliveries_max; ++i) ASSERT_TRUE(rooms.reserve(room, 1)) << i;
  EXPECT_FALSE(rooms.reserve(room, 1));
  EXPECT_FALSE(rooms.reserve(room, 1));
  EXPECT_TRUE(rooms.reserve(rooms.of(2), 1)) << "a full lane is its own affair";
  std::size_t signals = 0, signalled_at = 0;
  for (std::size_t left = limits::lane_queue_deliveries_max; left-- > 0;) {
    if (!rooms.give_back(room, 1)) continue;
    ++signals;
    signalled_at = left;
  }
  EXPECT_EQ(signals, 1U);
  EXPECT_EQ(signalled_at, limits::lane_queue_deliveries_max / 2);
  EXPECT_EQ(rooms.bytes(), 1U) << "the other lane's";
}

TEST(lane_rooms, give_no_signal_to_whom_nothing_was_refused) {
  lane_rooms rooms;
  lane_room& room = rooms.of(1);
  for (std::size_t i = 0; i < limits::lane_queue_deliveries_max; ++i) ASSERT_TRUE(rooms.reserve(room, 1));
  for (std::size_t i = 0; i < limits::lane_queue_deliveries_max; ++i) EXPECT_FALSE(rooms.give_back(room, 1));
}

// Payloads of 4 KiB, so that the bytes are used up before the deliveries.
constexpr std::size_t payload = 4 * limits::kib;

std::size_t fill(lane_rooms& rooms, lane_room& room) {
  std::size_t taken = 0;
  while (rooms.reserve(room, payload)) ++taken;
  return taken;
}

TEST(lane_rooms, leave_room_for_whoever_comes_next) {
  lane_rooms rooms;
  std::size_t least = fill(rooms, rooms.of(1));
  EXPECT_NEAR(static_cast<double>(least * payload), limits::lanes_queue_bytes_shared_max / 3.0, payload);
  for (model::endpoint_id each = 2; each <= 100; ++each) {
    const std::size_t taken = fill(rooms, rooms.of(each));
    EXPECT_LE(taken, least);
    EXPECT_GE(taken * payload, limits::lane_queue_bytes_min) << "lane " << each;
    least = taken;
  }
  EXPECT_LE(rooms.bytes(), limits::lanes_queue_bytes_max - limits::payload_bytes_ceiling);
}

TEST(lane_rooms, let_an_empty_lane_have_a_large_payload_beside_many_full_ones) {
  lane_rooms rooms;
  for (model::endpoint_id each = 1; each <= 100; ++each) static_cast<void>(fill(rooms, rooms.of(each)));
  EXPECT_TRUE(rooms.reserve(rooms.of(101), limits::payload_bytes_ceiling));
  EXPECT_FALSE(rooms.reserve(rooms.of(101), 1)) << "one, not two";
}

TEST(lane_rooms, bound_the_bytes_of_all_lanes_together) {
  lane_rooms rooms;
  ASSERT_TRUE(rooms.reserve(rooms.of(1), limits::lanes_queue_bytes_max - 10));
  EXPECT_FALSE(rooms.reserve(rooms.of(2), 11));
  EXPECT_TRUE(rooms.reserve(rooms.of(2), 10));
  EXPECT_FALSE(rooms.reserve(rooms.of(1), 1));
  EXPECT_EQ(rooms.bytes(), limits::lanes_queue_bytes_max);
  EXPECT_TRUE(rooms.give_back(rooms.of(1), limits::lanes_queue_bytes_max - 10));
  EXPECT_TRUE(rooms.reserve(rooms.of(1), 1));
}

TEST(lane_rooms, signal_once_at_the_half_of_what_was_held_when_bytes_ran_out) {
  lane_rooms rooms;
  lane_room& room = rooms.of(1);
  const std::size_t held = fill(rooms, room);
  ASSERT_LT(held, limits::lane_queue_deliveries_max);
  std::vector<std::size_t> signalled_at;
  for (std::size_t left = held; left-- > 0;) {
    // The store goes on asking for what comes in meanwhile, and is refused.
    if (left > held / 2) {
      EXPECT_FALSE(rooms.reserve(room, limits::lanes_queue_bytes_max));
    }
    if (rooms.give_back(room, payload)) signalled_at.push_back(left);
  }
  EXPECT_EQ(signalled_at, std::vector<std::size_t>{held / 2});
}

TEST(lane_rooms, rest_until_the_latest_that_was_asked_for) {
  lane_rooms rooms;
  lane_room& room = rooms.of(1);
  room.rest(2'000);
  room.rest(1'000);
  EXPECT_EQ(room.rests_until.load(), 2'000);
}

}  // namespace
}  // namespace posthorn::dispatch
