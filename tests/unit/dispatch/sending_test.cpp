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

// A worker at its limit of attempts gives the slots that come free to the lanes that wait, in turn.
TEST(sending, shares_a_workers_last_slots_among_the_lanes_that_wait) {
  dispatch_fixture with(1);
  constexpr auto slots = base::limits::attempts_in_flight_max;
  scripted_receiver greedy(hold_all());
  scripted_receiver modest(hold_all());
  const auto wide = with.add_endpoint(greedy.url("/"), model::preset::assessment, in_flight_max(10'000));
  const auto narrow = with.add_endpoint(modest.url("/"));
  with.offer(wide.id, slots + 100);
  greedy.await_held(slots);
  with.offer(narrow.id, 4);
  with.settle();
  EXPECT_EQ(modest.requests(), 0U);
  for (std::size_t freed = 1; freed <= 8; ++freed) greedy.answer_oldest(answer(200));
  modest.await_held(4);
  EXPECT_LE(with.log.reports(wide.id), 8U) << "no further slot had to come free";
  EXPECT_EQ(greedy.open_most(), slots);
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
