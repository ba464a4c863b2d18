// When a delivery is sent, held back or given back: lanes, rests, pauses, the store's word, the stop.
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/dispatch/dispatch_fixture.hpp"

namespace posthorn::dispatch {
namespace {

using store::verdict;

std::size_t count_of(const std::vector<store::attempt_report>& reports, verdict decided) {
  return static_cast<std::size_t>(std::ranges::count(reports, decided, &store::attempt_report::decided));
}

std::function<void(model::endpoint&)> in_flight_max(int most) {
  return [most](model::endpoint& endpoint) { endpoint.in_flight_max = most; };
}

TEST(sending, never_exceeds_an_endpoints_in_flight_max) {
  for (const int most : {1, 3, 16}) {
    dispatch_fixture with(2);
    scripted_receiver receiver(hold_all());
    const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment, in_flight_max(most));
    constexpr std::size_t offered = 100;
    with.offer(to.id, offered);
    // Every part is filled, and one answer makes place for one request.
    const auto full = static_cast<std::size_t>(most);
    receiver.await_held(full);
    for (std::size_t reported = 1; reported <= offered; ++reported) {
      receiver.answer_oldest(answer(200));
      static_cast<void>(with.log.await_reports(to.id, reported));
      with.settle();
      EXPECT_LE(with.dispatch->stats().in_flight, most);
    }
    EXPECT_EQ(receiver.open_most(), full);
    EXPECT_EQ(receiver.requests(), offered);
  }
}

TEST(sending, keeps_a_uids_deliveries_in_the_order_offered_where_one_may_be_out) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(200)));
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment, in_flight_max(1));
  std::vector<store::owed_delivery> deliveries;
  for (int i = 0; i < 50; ++i) deliveries.push_back(with.owe(to.id, std::to_string(i)));
  with.offer(deliveries);
  EXPECT_EQ(with.log.await_reports(to.id, 50).size(), 50U);
  for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(receiver.request(i).body, std::to_string(i));
}

TEST(sending, to_one_endpoint_is_not_stopped_by_another_that_hangs) {
  dispatch_fixture with(2);
  scripted_receiver hung(hold_all());
  scripted_receiver well(always(answer(200)));
  const auto stuck = with.add_endpoint(hung.url("/"));
  const auto neighbour = with.add_endpoint(well.url("/"));
  with.offer(stuck.id, 200);
  hung.await_held(16);
  with.offer(neighbour.id, 500);
  const auto reports = with.log.await_reports(neighbour.id, 500);
  EXPECT_EQ(count_of(reports, verdict::delivered), 500U);
  EXPECT_EQ(hung.held(), 16U) << "still open all the while";
  EXPECT_EQ(with.log.reports(stuck.id), 0U);
  EXPECT_EQ(with.dispatch->stats().queued, 200 - 16);
}

// What a lane that hangs has queued must not use up the memory that its neighbours need.
TEST(sending, to_one_endpoint_is_not_stopped_by_the_queues_of_many_that_hang) {
  dispatch_fixture with(2);
  scripted_receiver hung(hold_all());
  scripted_receiver well(always(answer(200)));
  const std::string body(4'000, 'x');
  std::vector<store::owed_delivery> taken;
  for (const model::endpoint& stuck : with.add_endpoints(hung.url("/"), 20)) {
    store::owed_delivery one = with.owe(stuck.id, body);
    while (with.dispatch->reserve(stuck.id, one.uid_hash, body.size())) {
      taken.push_back(std::move(one));
      one = with.owe(stuck.id, body);
    }
  }
  with.dispatch->offer(std::move(taken));
  const auto neighbour = with.add_endpoint(well.url("/"));
  for (std::size_t round = 1; round <= 50; ++round) {
    constexpr std::size_t sure = base::limits::lane_queue_bytes_min / 4'000;
    std::vector<store::owed_delivery> deliveries;
    while (deliveries.size() < sure) deliveries.push_back(with.owe(neighbour.id, body));
    with.offer(std::move(deliveries));
    const auto reports = with.log.await_reports(neighbour.id, round * sure);
    EXPECT_EQ(count_of(reports, verdict::delivered), round * sure);
  }
}

// However many one lane could use, it leaves slots free for whoever comes next.
TEST(sending, leaves_slots_to_others_while_one_lane_hangs) {
  dispatch_fixture with(1);
  constexpr auto slots = base::limits::attempts_in_flight_max;
  scripted_receiver greedy(hold_all());
  scripted_receiver modest(hold_all());
  const auto wide = with.add_endpoint(greedy.url("/"), model::preset::assessment, in_flight_max(10'000));
  const auto narrow = with.add_endpoint(modest.url("/"));
  with.offer(wide.id, slots + 100);
  greedy.await_held(slots / 2);
  with.settle();
  EXPECT_EQ(greedy.open_most(), slots / 2);
  with.offer(narrow.id, 4);
  modest.await_held(4);
  EXPECT_EQ(with.log.reports(wide.id), 0U) << "no slot had to come free";
}

// What ran over its share before others came gives up slots as its attempts end.
TEST(sending, shrinks_a_lane_to_its_share_when_others_come) {
  dispatch_fixture with(1);
  constexpr auto slots = base::limits::attempts_in_flight_max;
  scripted_receiver greedy(hold_all());
  scripted_receiver late(hold_all());
  const auto wide = with.add_endpoint(greedy.url("/"), model::preset::assessment, in_flight_max(10'000));
  const auto second = with.add_endpoint(late.url("/"), model::preset::assessment, in_flight_max(10'000));
  with.offer(wide.id, slots + 500);
  greedy.await_held(slots / 2);
  with.offer(second.id, slots);
  late.await_held(slots / 4);
  for (std::size_t ended = 1; ended <= 400; ++ended) greedy.answer_oldest(answer(200));
  static_cast<void>(with.log.await_reports(wide.id, 400));
  with.settle();
  EXPECT_LT(greedy.held(), slots / 2 - 100) << "not every slot that came free was taken again";
  EXPECT_GT(greedy.held(), slots / 4);
}

// One attempt of each lane is what every slot is spent on; the next lane waits, and gets the first that comes free,
// although the endpoint that it comes from has gone in the meantime.
TEST(sending, gives_a_freed_slot_to_a_lane_that_waits) {
  dispatch_fixture with(1);
  constexpr auto slots = base::limits::attempts_in_flight_max;
  scripted_receiver first(hold_all());
  scripted_receiver others(hold_all());
  scripted_receiver last(hold_all());
  const auto goes = with.add_endpoint(first.url("/"));
  with.offer(goes.id, 1);
  first.await_held(1);
  std::vector<store::owed_delivery> deliveries;
  for (const model::endpoint& each : with.add_endpoints(others.url("/"), slots - 1)) {
    deliveries.push_back(with.owe(each.id));
  }
  with.offer(std::move(deliveries));
  others.await_held(slots - 1);
  const auto waits = with.add_endpoint(last.url("/"));
  with.offer(waits.id, 2);
  with.settle();
  EXPECT_EQ(last.requests(), 0U);
  with.directory.remove(goes.id);
  first.answer_oldest(answer(200));
  last.await_held(1);
  with.settle();
  EXPECT_EQ(last.requests(), 1U);
  EXPECT_EQ(with.dispatch->stats().in_flight, static_cast<std::int64_t>(slots));
}

// Nothing is waited for where nothing can be sent, which must not keep the others from their turn.
TEST(sending, leaves_a_worker_to_others_between_attempts_that_cannot_be_made) {
  dispatch_fixture with(1);
  scripted_receiver receiver(always(answer(200)));
  const auto unusable = with.add_endpoint("not a url", model::preset::assessment, [](model::endpoint& endpoint) {
    endpoint.health.failures_min = base::limits::breaker_failures_max;
  });
  const auto neighbour = with.add_endpoint(receiver.url("/"));
  constexpr std::size_t many = 300;
  std::vector<store::owed_delivery> deliveries;
  for (std::size_t i = 0; i < many; ++i) deliveries.push_back(with.owe(unusable.id));
  deliveries.push_back(with.owe(neighbour.id));
  with.offer(std::move(deliveries));
  EXPECT_EQ(count_of(with.log.await_reports(unusable.id, many), verdict::retry), many);
  EXPECT_EQ(with.log.await_one(neighbour.id).decided, verdict::delivered);
  EXPECT_LT(with.log.largest_hand_over(), many / 3) << "not all in one turn";
}

TEST(sending, gives_back_what_an_inactive_or_unknown_endpoint_is_owed) {
  using enum model::endpoint_state;
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(200)));
  for (const auto state : {paused, degraded, disabled}) {
    const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment,
                                      [state](auto& endpoint) { endpoint.state = state; });
    with.offer(to.id, 10);
    const auto reports = with.log.await_reports(to.id, 10);
    EXPECT_EQ(count_of(reports, verdict::given_back), 10U) << model::to_string(state);
    EXPECT_EQ(reports[0].due, with.clock.engine()) << "owed as before";
  }
  with.offer(999, 10);
  EXPECT_EQ(count_of(with.log.await_reports(999, 10), verdict::given_back), 10U);
  EXPECT_EQ(receiver.requests(), 0U);
  EXPECT_EQ(with.dispatch->stats().queued, 0);
}

TEST(sending, gives_back_the_rest_when_the_endpoint_stops_or_goes) {
  using change = std::function<void(dispatch_fixture&, model::endpoint)>;
  const change pauses = [](dispatch_fixture& with, model::endpoint to) {
    to.state = model::endpoint_state::paused;
    with.directory.put(to);
  };
  const change removes = [](dispatch_fixture& with, const model::endpoint& to) { with.directory.remove(to.id); };
  for (const change& happens : {pauses, removes}) {
    dispatch_fixture with;
    scripted_receiver receiver(hold_all());
    const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment, in_flight_max(1));
    std::vector<store::owed_delivery> deliveries;
    for (int i = 0; i < 10; ++i) deliveries.push_back(with.owe(to.id));
    with.offer(deliveries);
    receiver.await_held(1);
    happens(with, to);
    receiver.answer_oldest(answer(200));
    const auto reports = with.log.await_reports(to.id, 10);
    EXPECT_EQ(count_of(reports, verdict::delivered), 1U) << "what is on the wire is finished";
    EXPECT_EQ(count_of(reports, verdict::given_back), 9U);
    for (std::size_t i = 1; i < reports.size(); ++i) {
      EXPECT_EQ(reports[i].delivery, deliveries[i].id);
      EXPECT_EQ(reports[i].uid_hash, deliveries[i].uid_hash);
    }
    EXPECT_EQ(receiver.requests(), 1U);
  }
}

TEST(sending, goes_on_when_a_paused_endpoint_is_active_again) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(200)));
  auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment,
                              [](auto& endpoint) { endpoint.state = model::endpoint_state::paused; });
  with.offer(to.id, 3);
  EXPECT_EQ(with.log.await_reports(to.id, 3).size(), 3U);
  to.state = model::endpoint_state::active;
  with.directory.put(to);
  with.offer(to.id, 3);
  EXPECT_EQ(count_of(with.log.await_reports(to.id, 6), verdict::delivered), 3U);
}

TEST(sending, waits_while_the_store_cannot_record) {
  dispatch_fixture with;
  scripted_receiver receiver(hold_all());
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment, in_flight_max(1));
  with.offer(to.id, 3);
  receiver.await_held(1);
  with.dispatch->allow_sending(false);
  with.settle();
  receiver.answer_oldest(answer(200));
  EXPECT_EQ(with.log.await_one(to.id).decided, verdict::delivered) << "what is on the wire is still reported";
  const auto other = with.add_endpoint(receiver.url("/other"));
  with.offer(other.id, 5);
  with.settle();
  EXPECT_EQ(with.dispatch->stats().in_flight, 0);
  EXPECT_EQ(with.dispatch->stats().queued, 2 + 5);
  EXPECT_EQ(receiver.requests(), 1U);

  with.dispatch->allow_sending(true);
  for (int i = 0; i < 2 + 5; ++i) receiver.answer_oldest(answer(200));
  EXPECT_EQ(count_of(with.log.await_reports(to.id, 3), verdict::delivered), 3U);
  EXPECT_EQ(count_of(with.log.await_reports(other.id, 5), verdict::delivered), 5U);
}

TEST(sending, tells_the_store_when_a_full_lane_has_drained) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(200)));
  const auto to = with.add_endpoint(receiver.url("/"));
  constexpr std::size_t most = base::limits::lane_queue_deliveries_max;
  std::vector<store::owed_delivery> deliveries;
  for (std::size_t i = 0; i < most; ++i) {
    deliveries.push_back(with.owe(to.id));
    ASSERT_TRUE(with.dispatch->reserve(to.id, deliveries[i].uid_hash, 64));
    with.dispatch->release(to.id, deliveries[i].uid_hash, 64);
  }
  EXPECT_EQ(with.log.room_signals(to.id), 0U) << "a release is the store's own doing";
  for (const auto& each : deliveries) {
    ASSERT_TRUE(with.dispatch->reserve(to.id, each.uid_hash, each.event->payload.size()));
  }
  EXPECT_FALSE(with.dispatch->reserve(to.id, 0, 1));
  with.dispatch->offer(std::move(deliveries));
  with.log.await_room(to.id);
  EXPECT_TRUE(with.dispatch->reserve(to.id, 0, 1));
  with.dispatch->release(to.id, 0, 1);
  EXPECT_EQ(count_of(with.log.await_reports(to.id, most), verdict::delivered), most);
  EXPECT_EQ(with.log.room_signals(to.id), 1U);
}

TEST(sending, rests_the_lane_that_a_receiver_asks_to_rest) {
  for (const int status : {429, 503}) {
    dispatch_fixture with;
    scripted_receiver receiver(
        in_turn({answer(status, "", "Retry-After: 120\r\n"), answer(200, "", "Retry-After: 120\r\n")}));
    const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment, in_flight_max(1));
    const base::epoch_ms until = with.clock.engine() + 120'000;
    with.offer(to.id, 5);
    auto reports = with.log.await_reports(to.id, 5);
    EXPECT_EQ(reports[0].decided, verdict::retry);
    EXPECT_EQ(reports[0].due, until) << "later than the schedule's 5 s";
    EXPECT_EQ(reports[0].lane_rests_until, until);
    EXPECT_EQ(count_of(reports, verdict::given_back), 4U);
    EXPECT_TRUE(std::ranges::all_of(reports, [until](const auto& each) { return each.due == until; }));

    with.clock.advance(119'999);
    with.offer(to.id, 1);
    reports = with.log.await_reports(to.id, 6);
    EXPECT_EQ(reports[5].decided, verdict::given_back) << "what comes during the rest goes back at once";
    EXPECT_EQ(reports[5].due, until);
    EXPECT_EQ(receiver.requests(), 1U);

    with.clock.advance(1);
    with.offer(to.id, 2);
    EXPECT_EQ(count_of(with.log.await_reports(to.id, 8), verdict::delivered), 2U);
  }
}

TEST(sending, rests_the_lane_on_every_worker) {
  dispatch_fixture with(2);
  scripted_receiver receiver(hold_all());
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment, in_flight_max(2));
  const base::epoch_ms until = with.clock.engine() + 120'000;
  constexpr std::size_t offered = 40;
  with.offer(to.id, offered);
  receiver.await_held(2);
  receiver.answer_oldest(answer(429, "", "Retry-After: 120\r\n"));
  static_cast<void>(with.log.await_reports(to.id, 2));
  receiver.answer_oldest(answer(200));
  const auto reports = with.log.await_reports(to.id, offered);
  EXPECT_EQ(count_of(reports, verdict::retry), 1U);
  EXPECT_EQ(count_of(reports, verdict::delivered), 1U) << "it was out before the receiver asked";
  EXPECT_EQ(count_of(reports, verdict::given_back), offered - 2);
  for (const auto& each : reports) {
    if (each.decided == verdict::given_back) {
      EXPECT_EQ(each.due, until);
    }
  }
  EXPECT_EQ(receiver.requests(), 2U);
}

TEST(sending, reads_a_retry_after_date_against_the_answers_own) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(503, "",
                                           "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
                                           "Retry-After: Thu, 01 Jan 1970 00:05:00 GMT\r\n")));
  const auto to = with.add_endpoint(receiver.url("/"));
  with.offer(to.id, 1);
  EXPECT_EQ(with.log.await_one(to.id).lane_rests_until, with.clock.engine() + 300'000);
}

TEST(stop, finishes_and_reports_what_is_in_flight_and_starts_nothing) {
  dispatch_fixture with(2);
  scripted_receiver receiver(hold_all());
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment, in_flight_max(4));
  with.offer(to.id, 20);
  receiver.await_held(4);
  std::future<void> stopped = with.begin_stop();
  with.settle();
  EXPECT_EQ(with.dispatch->stats().in_flight, 4);
  EXPECT_EQ(stopped.wait_for(std::chrono::seconds(0)), std::future_status::timeout) << "four are still out";
  for (int i = 0; i < 4; ++i) receiver.answer_oldest(answer(200));
  stopped.wait();
  EXPECT_EQ(with.log.reports(to.id), 4U) << "reported before the call-back";
  EXPECT_EQ(count_of(with.log.await_reports(to.id, 4), verdict::delivered), 4U);
  EXPECT_EQ(receiver.requests(), 4U);
}

TEST(stop, may_be_cut_short_with_attempts_out) {
  dispatch_fixture with(2);
  scripted_receiver receiver(hold_all());
  const auto to = with.add_endpoint(receiver.url("/"));
  with.offer(to.id, 40);
  receiver.await_held(16);
  static_cast<void>(with.begin_stop());
  with.settle();
  with.abandon();
  EXPECT_EQ(with.log.reports(to.id), 0U) << "owed as before";
}

TEST(stop, ends_at_once_when_nothing_is_in_flight) {
  dispatch_fixture with(2);
  scripted_receiver receiver(always(answer(200)));
  const auto to = with.add_endpoint(receiver.url("/"));
  with.offer(to.id, 10);
  EXPECT_EQ(with.log.await_reports(to.id, 10).size(), 10U);
  with.begin_stop().wait();
  with.offer(to.id, 10);
  with.settle();
  EXPECT_EQ(receiver.requests(), 10U) << "what comes after the stop is left to the store";
}

}  // namespace
}  // namespace posthorn::dispatch
