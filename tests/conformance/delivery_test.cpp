// What is accepted stays owed until it has an outcome: through retries, restarts, stops and full lanes.
#include "conformance/store_harness.hpp"

namespace posthorn::conformance {
namespace {

using model::delivery_state;
using store::verdict;

TEST_P(store_conformance, offers_an_accepted_event_to_every_target_with_its_bytes) {
  const auto first = endpoint(model::order_rule::none);
  const auto second = endpoint(model::order_rule::none);
  const auto event = accept_one(draft({first, second}, "uid-1"));
  EXPECT_EQ(event.deliveries, 2u);
  const auto a = sink_->take();
  const auto b = sink_->take();
  EXPECT_EQ(a.id, event.id + 1);
  EXPECT_EQ(b.id, event.id + 2);
  EXPECT_EQ(a.endpoint, first);
  EXPECT_EQ(b.endpoint, second);
  EXPECT_EQ(a.event->payload, R"({"n":1})");
  EXPECT_EQ(a.event->id, event.id);
}

TEST_P(store_conformance, records_a_delivery_once) {
  const auto event = accept_one(draft({endpoint(model::order_rule::none)}));
  const auto owed = sink_->take();
  record(report(owed, verdict::delivered));
  record(report(owed, verdict::failed));
  EXPECT_EQ(state_of(owed.id), delivery_state::delivered);
  auto found = store_.queries->find_event(integration_, event.id);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->deliveries.size(), 1u);
  EXPECT_EQ(found->deliveries[0].attempts, 1);
  ASSERT_EQ(found->deliveries[0].attempt_list.size(), 1u);
  EXPECT_EQ(found->deliveries[0].attempt_list[0].status, 200);
}

TEST_P(store_conformance, offers_a_retry_when_it_is_due_and_not_before) {
  accept_one(draft({endpoint(model::order_rule::none)}));
  const auto owed = sink_->take();
  record(report(owed, verdict::retry, clock_.engine() + 5'000));
  EXPECT_EQ(state_of(owed.id), delivery_state::retrying);
  EXPECT_EQ(sink_->waiting(), 0u);
  clock_.advance(5'000);
  settle();
  const auto again = sink_->take();
  EXPECT_EQ(again.id, owed.id);
  EXPECT_EQ(again.tries, 1);
  EXPECT_EQ(again.attempts, 1);
  EXPECT_FALSE(again.first_try);
  record(report(again, verdict::delivered));
  EXPECT_EQ(state_of(owed.id), delivery_state::delivered);
}

TEST_P(store_conformance, owes_after_a_restart_what_had_no_outcome) {
  const auto to = endpoint(model::order_rule::none);
  accept_one(draft({to}));
  accept_one(draft({to}));
  const auto done = sink_->take();
  const auto lost = sink_->take();
  record(report(done, verdict::delivered));
  reopen();
  EXPECT_EQ(sink_->take().id, lost.id);
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  EXPECT_EQ(state_of(done.id), delivery_state::delivered);
}

TEST_P(store_conformance, keeps_a_planned_retry_through_a_restart) {
  accept_one(draft({endpoint(model::order_rule::none)}));
  const auto owed = sink_->take();
  record(report(owed, verdict::retry, clock_.engine() + 60'000));
  reopen();
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  clock_.advance(60'000);
  settle();
  EXPECT_EQ(sink_->take().id, owed.id);
}

TEST_P(store_conformance, keeps_pending_what_has_no_room_and_loads_it_when_there_is) {
  const auto to = endpoint(model::order_rule::none);
  sink_->room = 1;
  accept_one(draft({to}));
  const auto waiting = accept_one(draft({to}));
  const auto first = sink_->take();
  EXPECT_EQ(sink_->waiting(), 0u);
  sink_->room = 1;
  store_.log->lane_has_room(to);
  EXPECT_EQ(sink_->take().id, waiting.id + 1);
  record(report(first, verdict::delivered));
}

TEST_P(store_conformance, parks_what_is_owed_to_a_paused_endpoint_and_sends_it_on) {
  const auto to = endpoint(model::order_rule::none);
  ASSERT_TRUE(store_.config->set_endpoint_state(to, model::endpoint_state::paused, "maintenance"));
  const auto event = accept_one(draft({to}));
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  EXPECT_EQ(state_of(event.id + 1), delivery_state::parked);
  ASSERT_TRUE(store_.config->set_endpoint_state(to, model::endpoint_state::active, ""));
  EXPECT_EQ(sink_->take().id, event.id + 1);
}

TEST_P(store_conformance, takes_back_what_a_lane_did_not_try) {
  accept_one(draft({endpoint(model::order_rule::none)}));
  const auto owed = sink_->take();
  record(report(owed, verdict::given_back, clock_.engine()));
  const auto again = sink_->take();
  EXPECT_EQ(again.id, owed.id);
  EXPECT_EQ(again.tries, 0);
  EXPECT_EQ(again.attempts, 0);
}

TEST_P(store_conformance, gives_a_long_attempt_a_row_so_that_recovery_stays_short) {
  const auto to = endpoint(model::order_rule::none);
  accept_one(draft({to}));
  const auto slow = sink_->take();
  clock_.advance(3'000);
  accept_one(draft({to}));
  const auto quick = sink_->take();
  EXPECT_NE(quick.id, slow.id);
  settle();
  EXPECT_EQ(store_.health->stats().pending_rows, 1u);
  record(report(slow, verdict::delivered));
  EXPECT_EQ(store_.health->stats().pending_rows, 0u);
  EXPECT_EQ(state_of(slow.id), delivery_state::delivered);
}

TEST_P(store_conformance, retries_a_failed_delivery_as_a_new_generation) {
  accept_one(draft({endpoint(model::order_rule::none)}));
  const auto owed = sink_->take();
  record(report(owed, verdict::failed));
  EXPECT_EQ(state_of(owed.id), delivery_state::failed);
  ASSERT_TRUE(store_.config->retry_delivery(owed.id));
  const auto again = sink_->take();
  EXPECT_EQ(again.id, owed.id);
  EXPECT_EQ(again.generation, owed.generation + 1);
  EXPECT_EQ(again.attempts, 1);
  record(report(owed, verdict::failed));
  EXPECT_NE(state_of(owed.id), delivery_state::failed) << "a report of the old generation changes nothing";
  record(report(again, verdict::delivered));
  auto found = store_.queries->find_delivery(integration_, owed.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->state, delivery_state::delivered);
  EXPECT_EQ(found->attempt_list.size(), 2u);
  EXPECT_EQ(store_.config->retry_delivery(owed.id).error().code, base::fault::not_acceptable_now);
}

TEST_P(store_conformance, cancels_what_waits_and_lets_a_delivered_result_win) {
  const auto to = endpoint(model::order_rule::none);
  accept_one(draft({to}));
  const auto on_the_wire = sink_->take();
  ASSERT_TRUE(store_.config->cancel_delivery(on_the_wire.id));
  record(report(on_the_wire, verdict::delivered));
  EXPECT_EQ(state_of(on_the_wire.id), delivery_state::delivered);

  accept_one(draft({to}));
  const auto retried = sink_->take();
  record(report(retried, verdict::retry, clock_.engine() + 60'000));
  ASSERT_TRUE(store_.config->cancel_delivery(retried.id));
  EXPECT_EQ(state_of(retried.id), delivery_state::cancelled);
}

TEST_P(store_conformance, cancels_what_a_deleted_endpoint_is_owed) {
  const auto to = endpoint(model::order_rule::none);
  ASSERT_TRUE(store_.config->set_endpoint_state(to, model::endpoint_state::paused, ""));
  std::vector<store::event_draft> drafts;
  for (int i = 0; i < 1'200; ++i) drafts.push_back(draft({to}));
  const auto results = accept(std::move(drafts));
  ASSERT_TRUE(store_.config->delete_endpoint(to));
  for (int i = 0; i < 20; ++i) {
    clock_.advance(200);
    settle();
  }
  EXPECT_EQ(store_.health->stats().pending_rows, 0u);
  EXPECT_EQ(state_of(results.back()->id + 1), delivery_state::cancelled);
}

TEST_P(store_conformance, disables_the_endpoint_that_a_report_says_is_gone) {
  const auto to = endpoint(model::order_rule::none);
  accept_one(draft({to}));
  auto gone = report(sink_->take(), verdict::failed);
  gone.disable_reason = "the receiver answered 410 Gone";
  record(gone);
  const auto now_current = store_.directory->current();
  EXPECT_EQ(now_current->endpoints.at(to)->state, model::endpoint_state::disabled);
  EXPECT_EQ(now_current->endpoints.at(to)->state_reason, "the receiver answered 410 Gone");
}

// A person has repaired the receiver meanwhile.
TEST_P(store_conformance, a_late_report_does_not_undo_that_somebody_enabled_the_endpoint) {
  const auto to = endpoint(model::order_rule::none);
  accept_one(draft({to}));
  accept_one(draft({to}));
  const auto gone = [&] {
    auto one = report(sink_->take(), verdict::failed);
    one.disable_reason = "the receiver answered 410 Gone";
    one.health.state_version = store_.directory->current()->endpoints.at(to)->condition.state_version;
    return one;
  };
  const auto first = gone();
  const auto late = gone();
  record(first);
  EXPECT_EQ(store_.directory->current()->endpoints.at(to)->state, model::endpoint_state::disabled);
  ASSERT_TRUE(store_.config->set_endpoint_state(to, model::endpoint_state::active, ""));
  record(late);
  EXPECT_EQ(store_.directory->current()->endpoints.at(to)->state, model::endpoint_state::active);
  EXPECT_EQ(state_of(late.delivery), delivery_state::failed);
}

TEST_P(store_conformance, keeps_an_event_without_targets_as_unrouted) {
  const auto event = accept_one(draft({}));
  auto found = store_.queries->find_event(integration_, event.id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->state, model::event_state::unrouted);
}

INSTANTIATE_TEST_SUITE_P(every_store, store_conformance, testing::ValuesIn(implementations()),
                         [](const auto& of) { return of.param.name; });

// Reports come from several workers: the one that was due first may be recorded last.
TEST_P(store_conformance, a_retry_that_is_recorded_late_is_loaded) {
  const auto to = endpoint(model::order_rule::none);
  accept_one(draft({to}));
  accept_one(draft({to}));
  const auto late = sink_->take();
  const auto early = sink_->take();
  record(report(early, verdict::retry, clock_.engine()));
  const auto again = sink_->take();
  EXPECT_EQ(again.id, early.id);
  record(report(late, verdict::retry, clock_.engine() - 1));
  record(report(again, verdict::delivered));
  EXPECT_EQ(sink_->take().id, late.id);
}

}  // namespace
}  // namespace posthorn::conformance
