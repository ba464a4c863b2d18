// What an endpoint's failures do to it: its deliveries park, it is probed, it comes back or is given up.
#include <algorithm>

#include "conformance/health_harness.hpp"

namespace posthorn::conformance {
namespace {

TEST_P(health_conformance, parks_while_the_breaker_is_open_and_spends_no_tries) {
  const auto to = plain();
  const auto failed = degrade(to);
  const auto parked = accept_one(draft({to}));
  clock_.advance(gap_ms - 1);
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  const auto seen = view(parked.id + 1);
  EXPECT_EQ(seen.state, delivery_state::parked);
  EXPECT_EQ(seen.attempts, 0);
  EXPECT_EQ(seen.waits_for, "endpoint degraded");
  EXPECT_EQ(seen.probe_at, now_is(to)->condition.probe_at);
  EXPECT_EQ(view(failed.id).attempts, 1);
  EXPECT_EQ(now_is(to)->state_reason, "it fails");
}

TEST_P(health_conformance, counts_what_was_in_flight_when_the_breaker_opened) {
  const auto to = plain();
  accept_one(draft({to}));
  accept_one(draft({to}));
  accept_one(draft({to}));
  const auto arrives = sink_->take();
  const auto returns = sink_->take();
  const auto fails = sink_->take();
  record(concluded(fails, verdict::retry, health_change::open, clock_.engine()));
  record(report(arrives, verdict::delivered));
  record(report(returns, verdict::given_back, clock_.engine()));
  EXPECT_EQ(now_is(to)->state, endpoint_state::degraded) << "a success that began before says nothing";
  EXPECT_EQ(state_of(arrives.id), delivery_state::delivered);
  EXPECT_EQ(state_of(returns.id), delivery_state::parked);
  EXPECT_EQ(view(returns.id).attempts, 0);
  EXPECT_EQ(view(fails.id).attempts, 1);
  EXPECT_EQ(sink_->waiting(), 0u);
}

TEST_P(health_conformance, offers_one_probe_at_a_time_the_longest_due_first) {
  const auto to = plain();
  degrade(to);
  std::vector<model::delivery_id> parked;
  for (int i = 0; i < 3; ++i) {
    parked.push_back(accept_one(draft({to})).id + 1);
    clock_.advance(1);
  }
  clock_.advance(gap_ms);
  for (int round = 0; round < 3; ++round) {
    settle();
    const auto probe = sink_->take();
    EXPECT_EQ(probe.id, parked[static_cast<std::size_t>(round)]) << "no payload is tried twice before the others";
    EXPECT_TRUE(probe.probe);
    EXPECT_EQ(probe.probes_failed, round);
    accept_one(draft({to}));
    clock_.advance(10 * gap_ms);
    settle();
    EXPECT_EQ(sink_->waiting(), 0u) << "one at a time";
    record(concluded(probe, verdict::retry, health_change::stay_open, clock_.engine() + 1));
    settle();
    EXPECT_EQ(sink_->waiting(), 0u) << "not before the next gap is over";
    EXPECT_EQ(view(probe.id).attempts, 1) << "an ordinary, counted try";
    clock_.advance(gap_ms);
  }
}

TEST_P(health_conformance, offers_a_probe_that_was_given_back_again) {
  const auto to = plain();
  const auto first = degrade(to, 0);
  clock_.advance(gap_ms);
  settle();
  record(report(sink_->take(), verdict::given_back, clock_.engine()));
  const auto again = sink_->take();
  EXPECT_EQ(again.id, first.id);
  EXPECT_TRUE(again.probe);
  EXPECT_EQ(again.attempts, 1);
}

TEST_P(health_conformance, waits_with_the_probe_for_something_that_is_due) {
  const auto to = plain();
  degrade(to, 60'000);
  clock_.advance(gap_ms);
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  const auto fresh = accept_one(draft({to}));
  const auto probe = sink_->take();
  EXPECT_EQ(probe.id, fresh.id + 1);
  EXPECT_TRUE(probe.probe);
}

TEST_P(health_conformance, sends_what_was_parked_once_a_probe_arrives) {
  const auto to = plain();
  degrade(to, 10);
  std::vector<model::delivery_id> parked;
  for (int i = 0; i < 20; ++i) {
    parked.push_back(accept_one(draft({to})).id + 1);
    clock_.advance(1);
  }
  clock_.advance(gap_ms);
  settle();
  const auto probe = sink_->take();
  record(concluded(probe, verdict::delivered, health_change::close));
  const auto healed = now_is(to);
  EXPECT_EQ(healed->state, endpoint_state::active);
  EXPECT_EQ(healed->state_reason, "");
  EXPECT_EQ(healed->condition.failing_since, 0);
  EXPECT_EQ(healed->condition.probe_at, 0);
  base::epoch_ms before = 0;
  for (std::size_t i = 0; i < parked.size(); ++i) {
    const auto owed = sink_->take();
    EXPECT_FALSE(owed.probe);
    EXPECT_GT(owed.event->accepted_at + (owed.attempts > 0 ? 10 : 0), before) << "the oldest due first";
    before = owed.event->accepted_at + (owed.attempts > 0 ? 10 : 0) - 1;
    record(report(owed, verdict::delivered));
  }
  EXPECT_EQ(store_.health->stats().pending_rows, 0u);
}

TEST_P(health_conformance, goes_on_releasing_at_a_bounded_rate_after_a_restart) {
  const auto to = plain();
  ASSERT_TRUE(store_.config->set_endpoint_state(to, endpoint_state::paused, "by a test"));
  constexpr int parked = base::limits::release_burst + 3 * base::limits::release_per_s_min;
  for (int i = 0; i < parked; ++i) accept_one(draft({to}));
  ASSERT_TRUE(store_.config->set_endpoint_state(to, endpoint_state::active, ""));
  settle();
  EXPECT_EQ(sink_->waiting(), static_cast<std::size_t>(base::limits::release_burst));
  reopen();
  settle();
  EXPECT_EQ(sink_->waiting(), 0u) << "the burst has been";
  clock_.advance(1'000);
  settle();
  EXPECT_EQ(sink_->waiting(), static_cast<std::size_t>(base::limits::release_per_s_min));
}

TEST_P(health_conformance, releases_what_was_parked_at_a_bounded_rate) {
  const auto to = plain();
  degrade(to, 0);
  constexpr std::size_t many = 400;
  for (std::size_t i = 0; i < many; ++i) accept_one(draft({to}));
  clock_.advance(gap_ms);
  settle();
  record(concluded(sink_->take(), verdict::delivered, health_change::close));
  settle();
  EXPECT_EQ(sink_->waiting(), static_cast<std::size_t>(base::limits::release_burst));
  clock_.advance(500);
  settle();
  EXPECT_EQ(sink_->waiting(),
            static_cast<std::size_t>(base::limits::release_burst + base::limits::release_per_s_min / 2));
  clock_.advance(500);
  settle();
  EXPECT_EQ(sink_->waiting(), static_cast<std::size_t>(base::limits::release_burst + base::limits::release_per_s_min));
  clock_.advance(1'000);
  settle();
  EXPECT_EQ(sink_->waiting(), many);
}

TEST_P(health_conformance, is_degraded_after_a_restart_and_keeps_its_times) {
  const auto to = plain();
  degrade(to, 0);
  clock_.advance(gap_ms);
  settle();
  record(concluded(sink_->take(), verdict::retry, health_change::stay_open, clock_.engine()));
  accept_one(draft({to}));
  const auto before = store_.queries->conditions(integration_)->at(to);
  EXPECT_GT(before.failing_since, 0);
  EXPECT_EQ(before.probe_at, clock_.engine() + gap_ms);
  EXPECT_EQ(before.probes_failed, 1);
  reopen();
  EXPECT_EQ(now_is(to)->state, endpoint_state::degraded);
  EXPECT_EQ(now_is(to)->condition, before);
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  clock_.advance(gap_ms);
  settle();
  const auto probe = sink_->take();
  EXPECT_TRUE(probe.probe);
  EXPECT_EQ(probe.probes_failed, 1);
  EXPECT_EQ(probe.failing_since, before.failing_since);
  settle();
  EXPECT_EQ(sink_->waiting(), 0u) << "one alone";
  record(concluded(probe, verdict::delivered, health_change::close));
  EXPECT_FALSE(sink_->take().probe);
}

TEST_P(health_conformance, probes_anew_when_the_probe_was_lost_in_a_crash) {
  const auto to = plain();
  degrade(to, 0);
  clock_.advance(gap_ms);
  settle();
  const auto lost = sink_->take();
  reopen();
  const auto again = sink_->take();
  EXPECT_EQ(again.id, lost.id);
  EXPECT_TRUE(again.probe);
}

TEST_P(health_conformance, disables_after_the_time_of_nothing_but_failure) {
  const auto to = plain();
  accept_one(draft({to}));
  auto owed = sink_->take();
  EXPECT_EQ(owed.failing_since, 0);
  const base::epoch_ms began = clock_.engine();
  // It fails too seldom for the breaker; the time counts all the same, over a restart as well.
  for (int i = 0; i < 5; ++i) {
    record(report(owed, verdict::retry, clock_.engine() + 60'000));
    clock_.advance(60'000);
    if (i == 3) reopen();
    settle();
    owed = sink_->take();
    EXPECT_EQ(owed.failing_since, began);
  }
  record(concluded(owed, verdict::retry, health_change::disable, clock_.engine()));
  EXPECT_EQ(now_is(to)->state, endpoint_state::disabled);
  EXPECT_EQ(now_is(to)->state_reason, "it fails");
  EXPECT_EQ(now_is(to)->condition.failing_since, began);
  EXPECT_EQ(state_of(owed.id), delivery_state::parked);
  ASSERT_TRUE(store_.config->set_endpoint_state(to, endpoint_state::active, ""));
  const auto sent_on = sink_->take();
  EXPECT_EQ(sent_on.id, owed.id);
  EXPECT_EQ(sent_on.failing_since, 0) << "it gets its time anew";
}

TEST_P(health_conformance, disables_a_degraded_endpoint_by_its_probe) {
  const auto to = plain();
  degrade(to, 0);
  clock_.advance(gap_ms);
  settle();
  record(concluded(sink_->take(), verdict::retry, health_change::disable, clock_.engine()));
  EXPECT_EQ(now_is(to)->state, endpoint_state::disabled);
  clock_.advance(100 * gap_ms);
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
}

TEST_P(health_conformance, does_not_disable_what_has_succeeded_meanwhile) {
  const auto to = plain();
  accept_one(draft({to}));
  record(report(sink_->take(), verdict::retry, clock_.engine() + 600'000));
  accept_one(draft({to}));
  accept_one(draft({to}));
  const auto slow = sink_->take();
  const auto quick = sink_->take();
  ASSERT_GT(slow.failing_since, 0);
  record(report(quick, verdict::delivered));
  clock_.advance(1);
  record(concluded(slow, verdict::retry, health_change::disable, clock_.engine() + 600'000));
  EXPECT_EQ(now_is(to)->state, endpoint_state::active);
}

TEST_P(health_conformance, lets_a_person_s_word_win) {
  const auto to = plain();
  accept_one(draft({to}));
  accept_one(draft({to}));
  const auto first = sink_->take();
  const auto second = sink_->take();
  const auto late_opening = concluded(first, verdict::retry, health_change::open, clock_.engine() + 600'000);
  ASSERT_TRUE(store_.config->set_endpoint_state(to, endpoint_state::paused, "maintenance"));
  record(late_opening);
  EXPECT_EQ(now_is(to)->state, endpoint_state::paused);
  const auto opening = concluded(second, verdict::retry, health_change::open, clock_.engine());
  ASSERT_TRUE(store_.config->set_endpoint_state(to, endpoint_state::active, ""));
  record(opening);
  EXPECT_EQ(now_is(to)->state, endpoint_state::active) << "concluded before the person spoke";

  const auto owed = sink_->take();
  record(concluded(owed, verdict::retry, health_change::open, clock_.engine()));
  clock_.advance(gap_ms);
  settle();
  const auto probe = sink_->take();
  const auto closing = concluded(probe, verdict::delivered, health_change::close);
  ASSERT_TRUE(store_.config->set_endpoint_state(to, endpoint_state::disabled, "no more"));
  record(closing);
  EXPECT_EQ(now_is(to)->state, endpoint_state::disabled);
  EXPECT_EQ(now_is(to)->state_reason, "no more");
  EXPECT_EQ(state_of(probe.id), delivery_state::delivered);
}

TEST_P(health_conformance, enables_a_degraded_endpoint_at_a_word) {
  const auto to = plain();
  const auto failed = degrade(to, 0);
  ASSERT_TRUE(store_.config->set_endpoint_state(to, endpoint_state::active, ""));
  const auto sent = sink_->take();
  EXPECT_EQ(sent.id, failed.id);
  EXPECT_FALSE(sent.probe);
  EXPECT_TRUE(store_.queries->conditions(integration_)->empty());
}

TEST_P(health_conformance, probes_at_once_when_the_settings_change) {
  const auto to = plain();
  const auto failed = degrade(to, 0);
  ASSERT_TRUE(store_.config->update_endpoint(to, [](model::endpoint& of) -> base::result<void> {
    of.url = "https://example.com/mended";
    return {};
  }));
  const auto probe = sink_->take();
  EXPECT_EQ(probe.id, failed.id);
  EXPECT_TRUE(probe.probe);
  EXPECT_EQ(now_is(to)->state, endpoint_state::degraded);
}

TEST_P(health_conformance, keeps_the_order_of_a_uid_through_an_open_breaker) {
  const auto to = endpoint(model::order_rule::per_uid, 0);
  std::vector<model::delivery_id> sent;
  for (int i = 0; i < 3; ++i) sent.push_back(accept_one(draft({to}, "uid-1")).id + 1);
  const auto head = sink_->take();
  EXPECT_EQ(head.id, sent[0]);
  record(concluded(head, verdict::retry, health_change::open, clock_.engine()));
  sent.push_back(accept_one(draft({to}, "uid-1")).id + 1);
  clock_.advance(gap_ms);
  settle();
  const auto probe = sink_->take();
  EXPECT_EQ(probe.id, sent[0]) << "the head alone may be a probe";
  record(concluded(probe, verdict::delivered, health_change::close));
  for (std::size_t i = 1; i < sent.size(); ++i) {
    const auto next = sink_->take();
    EXPECT_EQ(next.id, sent[i]);
    record(report(next, verdict::delivered));
  }
}

INSTANTIATE_TEST_SUITE_P(every_store, health_conformance, testing::ValuesIn(implementations()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace posthorn::conformance
