// What attempts say of their endpoint: the window that they are counted in, and what is concluded from it.
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "dispatch/health_window.hpp"
#include "unit/dispatch/dispatch_fixture.hpp"

namespace posthorn::dispatch {
namespace {

using model::endpoint_state;
using model::health_change;
using store::verdict;

constexpr base::epoch_ms start = 2'000'000'000'000;
constexpr std::int32_t window_s = 60;

std::size_t count_of(const std::vector<store::attempt_report>& reports, verdict decided) {
  return static_cast<std::size_t>(std::ranges::count(reports, decided, &store::attempt_report::decided));
}

TEST(health_window, counts_the_attempts_of_the_last_window) {
  health_window window;
  for (int i = 0; i < 30; ++i) window.note_success(0, window_s, start);
  const auto now = window.note_failure(0, window_s, start, 1);
  EXPECT_EQ(now.attempts, 31);
  EXPECT_EQ(now.failures, 1);
  EXPECT_EQ(now.failing_deliveries, 1);
  const auto later = window.note_failure(0, window_s, start + 50'000, 2);
  EXPECT_EQ(later.attempts, 32);
  EXPECT_EQ(later.failures, 2);
  EXPECT_EQ(later.failing_deliveries, 2);
  const auto after = window.note_failure(0, window_s, start + 60'000, 3);
  EXPECT_EQ(after.attempts, 2) << "what was in the first part is past";
  EXPECT_EQ(after.failures, 2);
  EXPECT_EQ(after.failing_deliveries, 2);
  const auto much_later = window.note_failure(0, window_s, start + 86'400'000, 4);
  EXPECT_EQ(much_later.attempts, 1);
  EXPECT_EQ(much_later.failing_deliveries, 1);
}

TEST(health_window, never_counts_more_than_the_window_and_never_less_than_eleven_twelfths) {
  for (const std::int32_t seconds : {1, 7, 60, 3'600}) {
    const base::epoch_ms window_ms = seconds * 1'000LL;
    for (base::epoch_ms offset = 0; offset < window_ms; offset += std::max<base::epoch_ms>(1, window_ms / 37)) {
      health_window window;
      window.note_success(0, seconds, start + offset);
      EXPECT_EQ(window.note_failure(0, seconds, start + offset + window_ms + 12, 1).attempts, 1) << seconds;
      health_window other;
      other.note_success(0, seconds, start + offset);
      EXPECT_EQ(other.note_failure(0, seconds, start + offset + window_ms * 11 / 12 - 12, 1).attempts, 2) << seconds;
    }
  }
}

TEST(health_window, tells_one_delivery_from_several) {
  health_window window;
  for (int i = 0; i < 20; ++i) EXPECT_EQ(window.note_failure(0, window_s, start + i, 7).failing_deliveries, 1);
  EXPECT_EQ(window.note_failure(0, window_s, start + 20, 8).failing_deliveries, 2);
  EXPECT_EQ(window.note_failure(0, window_s, start + 21, 7).failing_deliveries, 2);
  EXPECT_EQ(window.note_failure(0, window_s, start + 22, 9).failing_deliveries, 3);
  EXPECT_EQ(window.note_failure(0, window_s, start + 23, 10).failing_deliveries, 3) << "more is not asked for";
}

TEST(health_window, begins_anew_with_the_state_and_ignores_what_began_before) {
  health_window window;
  for (int i = 0; i < 9; ++i) static_cast<void>(window.note_failure(0, window_s, start, i + 1));
  const auto anew = window.note_failure(1, window_s, start, 20);
  EXPECT_EQ(anew.failures, 1);
  EXPECT_EQ(anew.failing_deliveries, 1);
  EXPECT_EQ(window.note_failure(0, window_s, start, 21).failures, 0) << "a latecomer";
  window.note_success(0, window_s, start);
  EXPECT_EQ(window.note_failure(1, window_s, start, 22).attempts, 2);
}

TEST(health_window, counts_from_several_threads) {
  health_window window;
  constexpr int each = 20'000;
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&window] {
      for (int i = 0; i < each; ++i) window.note_success(4, window_s, start);
    });
  }
  for (int i = 0; i < each; ++i) static_cast<void>(window.note_failure(4, window_s, start, i));
  for (std::thread& thread : threads) thread.join();
  const auto all = window.note_failure(4, window_s, start, 1);
  // The first note of a state clears the ring, which may race with the others' first.
  EXPECT_LE(all.attempts, 4 * each + 1);
  EXPECT_GE(all.attempts, 3 * each);
}

// The endpoint's setting: five failures within the window open it.
std::function<void(model::endpoint&)> opens_at(std::int32_t failures, int in_flight_max = 1) {
  return [failures, in_flight_max](model::endpoint& endpoint) {
    endpoint.health.failures_min = failures;
    endpoint.in_flight_max = in_flight_max;
    endpoint.condition.state_version = 3;
  };
}

TEST(health, opens_at_its_failures_and_sends_nothing_more) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(500)));
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment, opens_at(5));
  with.offer(to.id, 50);
  const auto reports = with.log.await_reports(to.id, 50);
  EXPECT_EQ(receiver.requests(), 5U);
  EXPECT_EQ(count_of(reports, verdict::retry), 5U);
  EXPECT_EQ(count_of(reports, verdict::given_back), 45U) << "no tries are spent before the store's word";
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(reports[i].health.change, health_change::none);
  const store::health_conclusion& opened = reports[4].health;
  EXPECT_EQ(opened.change, health_change::open);
  EXPECT_EQ(opened.state_version, 3);
  EXPECT_EQ(opened.reason, "5 of 5 attempts in 60 s failed; the last: status 500");
  EXPECT_GE(opened.probe_at, with.clock.engine() + 5'000);
  EXPECT_LE(opened.probe_at, with.clock.engine() + 6'000);
}

TEST(health, opens_for_all_parts_of_the_lane) {
  dispatch_fixture with(2);
  scripted_receiver receiver(always(answer(500)));
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment, opens_at(10, 4));
  with.offer(to.id, 200);
  const auto reports = with.log.await_reports(to.id, 200);
  EXPECT_LE(count_of(reports, verdict::retry), 14U) << "those that were in flight";
  EXPECT_GE(count_of(reports, verdict::retry), 10U);
}

TEST(health, leaves_the_neighbour_alone) {
  dispatch_fixture with(1);
  scripted_receiver bad(always(answer(500)));
  scripted_receiver good(always(answer(200)));
  const auto failing = with.add_endpoint(bad.url("/"), model::preset::assessment, opens_at(5));
  const auto neighbour = with.add_endpoint(good.url("/"), model::preset::assessment, opens_at(5));
  std::vector<store::owed_delivery> deliveries;
  for (int i = 0; i < 30; ++i) {
    deliveries.push_back(with.owe(failing.id));
    deliveries.push_back(with.owe(neighbour.id));
  }
  with.offer(std::move(deliveries));
  EXPECT_EQ(count_of(with.log.await_reports(neighbour.id, 30), verdict::delivered), 30U);
  EXPECT_EQ(count_of(with.log.await_reports(failing.id, 30), verdict::given_back), 25U);
}

TEST(health, sends_again_once_the_state_is_a_new_one) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(500)));
  auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment, opens_at(5));
  with.offer(to.id, 5);
  EXPECT_EQ(with.log.await_reports(to.id, 5).back().health.change, health_change::open);
  with.offer(to.id, 1);
  EXPECT_EQ(with.log.await_reports(to.id, 6).back().decided, verdict::given_back);
  ++to.condition.state_version;
  with.directory.put(to);
  with.offer(to.id, 5);
  const auto reports = with.log.await_reports(to.id, 11);
  for (std::size_t i = 6; i < 10; ++i) EXPECT_EQ(reports[i].health.change, health_change::none) << "counted anew";
  EXPECT_EQ(reports[10].health.change, health_change::open);
  EXPECT_EQ(reports[10].health.state_version, 4);
}

store::attempt_report probe(dispatch_fixture& with, scripted_receiver& receiver, std::int32_t probes_failed,
                            base::epoch_ms failing_since) {
  const auto to = with.add_endpoint(receiver.url("/"), model::preset::assessment, [](model::endpoint& endpoint) {
    endpoint.state = endpoint_state::degraded;
    endpoint.condition.state_version = 8;
  });
  store::owed_delivery owed = with.owe(to.id);
  owed.probe = true;
  owed.probes_failed = probes_failed;
  owed.failing_since = failing_since;
  with.offer({owed});
  return with.log.await_one(to.id);
}

TEST(health, closes_by_a_probe_that_arrives) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(200)));
  const auto report = probe(with, receiver, 4, with.clock.engine() - 1'000);
  EXPECT_EQ(report.decided, verdict::delivered);
  EXPECT_EQ(report.health.change, health_change::close);
  EXPECT_EQ(report.health.state_version, 8);
}

TEST(health, probes_later_after_each_probe_that_fails) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(500)));
  base::epoch_ms gap = 10'000;
  for (std::int32_t failed = 0; failed < 5; ++failed) {
    const auto report = probe(with, receiver, failed, with.clock.engine() - 1'000);
    EXPECT_EQ(report.decided, verdict::retry) << "an ordinary try";
    EXPECT_EQ(report.health.change, health_change::stay_open);
    EXPECT_GE(report.health.probe_at, with.clock.engine() + gap);
    EXPECT_LE(report.health.probe_at, with.clock.engine() + gap + gap / 5);
    gap *= 2;
  }
}

TEST(health, gives_up_what_fails_for_too_long) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(500)));
  const base::epoch_ms since = with.clock.engine() - base::limits::disable_after_s_default * 1'000LL;
  const auto report = probe(with, receiver, 9, since);
  EXPECT_EQ(report.health.change, health_change::disable);
  EXPECT_EQ(report.health.failing_since, since);
  EXPECT_EQ(report.health.reason, "nothing but failures for 5 days; the last: status 500");

  const auto to = with.add_endpoint(receiver.url("/"));
  store::owed_delivery owed = with.owe(to.id);
  owed.failing_since = since;
  with.offer({owed});
  EXPECT_EQ(with.log.await_one(to.id).health.change, health_change::disable) << "without a breaker that opened, too";
}

TEST(health, takes_a_probe_of_an_enabled_endpoint_as_any_other_try) {
  dispatch_fixture with;
  scripted_receiver receiver(always(answer(500)));
  const auto to = with.add_endpoint(receiver.url("/"));
  store::owed_delivery owed = with.owe(to.id);
  owed.probe = true;
  with.offer({owed});
  EXPECT_EQ(with.log.await_one(to.id).health.change, health_change::none);
}

}  // namespace
}  // namespace posthorn::dispatch
