// Sending single deliveries and events again: the same bytes and id, a new generation, the end of its uid's chain.
#include "conformance/store_harness.hpp"

namespace posthorn::conformance {
namespace {

using model::delivery_state;
using store::replay_result;
using store::verdict;

class replay_conformance : public store_conformance {
 protected:
  // One delivery of a new event, ended as `decided`.
  store::owed_delivery ended(model::endpoint_id to, verdict decided, std::string uid = {}) {
    accept_one(draft({to}, std::move(uid)));
    const auto owed = sink_->take();
    record(report(owed, decided));
    return owed;
  }
  std::vector<store::replayed_delivery> replay(model::event_id event, const std::vector<model::endpoint_id>& to) {
    auto made = store_.replays->replay_event(event, to);
    EXPECT_TRUE(made) << made.error().detail;
    return made.value_or(std::vector<store::replayed_delivery>{});
  }
  store::event_view view(model::event_id event) {
    auto found = store_.queries->find_event(integration_, event);
    EXPECT_TRUE(found) << found.error().detail;
    return *found;
  }
};

TEST_P(replay_conformance, sends_an_arrived_delivery_again_only_when_asked_to) {
  const auto owed = ended(endpoint(model::order_rule::none), verdict::delivered);
  const auto refused = store_.config->retry_delivery(owed.id);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::fault::not_acceptable_now);
  ASSERT_TRUE(store_.replays->replay_delivery(owed.id));
  const auto again = sink_->take();
  EXPECT_EQ(again.id, owed.id);
  EXPECT_EQ(again.event->id, owed.event->id);
  EXPECT_EQ(again.event->payload, owed.event->payload);
  EXPECT_GT(again.generation, owed.generation);
  EXPECT_EQ(again.tries, 0);
  EXPECT_EQ(again.attempts, 1);
  EXPECT_FALSE(again.first_try);
  record(report(again, verdict::delivered));
  const auto after = view(owed.event->id);
  EXPECT_EQ(after.state, model::event_state::delivered);
  ASSERT_EQ(after.deliveries.size(), 1u);
  EXPECT_EQ(after.deliveries[0].attempt_list.size(), 2u);
}

TEST_P(replay_conformance, ignores_reports_of_an_earlier_generation) {
  const auto owed = ended(endpoint(model::order_rule::none), verdict::failed);
  ASSERT_TRUE(store_.replays->replay_delivery(owed.id));
  const auto again = sink_->take();
  record(report(owed, verdict::delivered));
  EXPECT_EQ(state_of(owed.id), delivery_state::pending);
  record(report(again, verdict::failed));
  record(report(owed, verdict::delivered));
  EXPECT_EQ(state_of(owed.id), delivery_state::failed);
}

TEST_P(replay_conformance, makes_a_pending_delivery_due_and_leaves_its_generation) {
  const auto to = endpoint(model::order_rule::none);
  accept_one(draft({to}));
  const auto owed = sink_->take();
  record(report(owed, verdict::retry, clock_.engine() + 60'000));
  const auto made = replay(owed.event->id, {to});
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made[0].result, replay_result::due_now);
  const auto again = sink_->take();
  EXPECT_EQ(again.generation, owed.generation);
  EXPECT_EQ(again.tries, 1);
  EXPECT_EQ(replay(owed.event->id, {to}).at(0).result, replay_result::sending);
  EXPECT_EQ(sink_->waiting(), 0u);
}

TEST_P(replay_conformance, sends_an_event_to_an_endpoint_that_came_later) {
  const auto first = endpoint(model::order_rule::none);
  const auto owed = ended(first, verdict::delivered);
  const auto later = endpoint(model::order_rule::none);
  const auto made = replay(owed.event->id, {later});
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made[0].result, replay_result::created);
  EXPECT_EQ(made[0].endpoint, later);
  const auto extra = sink_->take();
  EXPECT_EQ(extra.id, made[0].id);
  EXPECT_EQ(extra.endpoint, later);
  EXPECT_EQ(extra.event->id, owed.event->id);
  EXPECT_EQ(extra.event->payload, owed.event->payload);
  EXPECT_EQ(extra.attempts, 0);
  record(report(extra, verdict::failed));

  auto seen = view(owed.event->id);
  ASSERT_EQ(seen.deliveries.size(), 2u);
  EXPECT_EQ(seen.deliveries[1].id, extra.id);
  EXPECT_EQ(seen.state, model::event_state::failed);
  const auto failed = store_.queries->list_deliveries(
      {.integration = integration_, .endpoint = later, .state = delivery_state::failed}, 0, 10);
  ASSERT_TRUE(failed);
  ASSERT_EQ(failed->rows.size(), 1u);
  EXPECT_EQ(failed->rows[0].id, extra.id);
  const auto all = store_.queries->list_deliveries({.integration = integration_, .endpoint = later}, 0, 10);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->rows.size(), 1u);
  const auto events = store_.queries->list_events({.integration = integration_, .endpoint = later}, 0, 10);
  ASSERT_TRUE(events);
  ASSERT_EQ(events->rows.size(), 1u);
  EXPECT_EQ(events->rows[0].id, owed.event->id);

  // It is a delivery like any other: retried, and not made twice.
  ASSERT_TRUE(store_.config->retry_delivery(extra.id));
  const auto again = sink_->take();
  EXPECT_EQ(again.id, extra.id);
  EXPECT_EQ(again.event->id, owed.event->id);
  record(report(again, verdict::delivered));
  EXPECT_EQ(replay(owed.event->id, {later}).at(0).result, replay_result::requeued);
  EXPECT_EQ(sink_->take().id, extra.id);
  EXPECT_EQ(view(owed.event->id).deliveries.size(), 2u);
}

TEST_P(replay_conformance, keeps_an_extra_delivery_through_a_restart) {
  const auto event = accept_one(draft({}));
  EXPECT_EQ(view(event.id).state, model::event_state::unrouted);
  const auto to = endpoint(model::order_rule::none);
  const auto made = replay(event.id, {to});
  EXPECT_EQ(sink_->take().id, made.at(0).id);
  reopen();
  settle();
  const auto extra = sink_->take();
  EXPECT_EQ(extra.id, made.at(0).id);
  EXPECT_EQ(extra.event->id, event.id);
  const auto next = accept_one(draft({to}));
  EXPECT_GT(next.id, extra.id);
  record(report(extra, verdict::delivered));
  EXPECT_EQ(view(event.id).state, model::event_state::delivered);
}

TEST_P(replay_conformance, says_what_it_cannot_send) {
  const auto to = endpoint(model::order_rule::none);
  const auto owed = ended(to, verdict::failed);
  const auto missing = store_.replays->replay_event(12'345, {to});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, base::fault::not_found);
  EXPECT_FALSE(store_.replays->replay_delivery(12'345));
  ASSERT_TRUE(store_.config->delete_endpoint(to));
  EXPECT_EQ(replay(owed.event->id, {to}).at(0).result, replay_result::endpoint_gone);
  const auto gone = store_.replays->replay_delivery(owed.id);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, base::fault::not_acceptable_now);
}

TEST_P(replay_conformance, puts_a_replay_at_the_end_of_its_chain) {
  const auto to = endpoint(model::order_rule::per_uid);
  const auto first = ended(to, verdict::failed, "uid-a");
  accept_one(draft({to}, "uid-a"));
  const auto second = sink_->take();
  EXPECT_EQ(replay(first.event->id, {to}).at(0).result, replay_result::requeued);
  const auto third = accept_one(draft({to}, "uid-a"));
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  EXPECT_EQ(replay(first.event->id, {to}).at(0).result, replay_result::waiting);
  record(report(second, verdict::retry, clock_.engine() + 1'000));
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  clock_.advance(1'000);
  settle();
  const auto again = sink_->take();
  EXPECT_EQ(again.id, second.id);
  record(report(again, verdict::delivered));
  const auto replayed = sink_->take();
  EXPECT_EQ(replayed.id, first.id);
  EXPECT_EQ(sink_->waiting(), 0u);
  record(report(replayed, verdict::delivered));
  EXPECT_EQ(sink_->take().id, third.id + 1);
}

TEST_P(replay_conformance, chains_an_extra_delivery_too) {
  const auto event = accept_one(draft({}, "uid-a"));
  const auto to = endpoint(model::order_rule::per_uid);
  accept_one(draft({to}, "uid-a"));
  const auto head = sink_->take();
  const auto made = replay(event.id, {to});
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  record(report(head, verdict::failed));
  EXPECT_EQ(sink_->take().id, made.at(0).id);
}

TEST_P(replay_conformance, parks_a_replay_to_a_paused_endpoint) {
  const auto to = endpoint(model::order_rule::none);
  const auto owed = ended(to, verdict::failed);
  ASSERT_TRUE(store_.config->set_endpoint_state(to, model::endpoint_state::paused, "by a test"));
  ASSERT_TRUE(store_.replays->replay_delivery(owed.id));
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  EXPECT_EQ(state_of(owed.id), delivery_state::parked);
  ASSERT_TRUE(store_.config->set_endpoint_state(to, model::endpoint_state::active, ""));
  EXPECT_EQ(sink_->take().id, owed.id);
}

// A cancelled delivery that is in a lane at the time of a crash does not go out again.
TEST_P(replay_conformance, remembers_a_cancelled_first_try_through_a_crash) {
  const auto to = endpoint(model::order_rule::none);
  accept_one(draft({to}));
  const auto owed = sink_->take();
  ASSERT_TRUE(store_.config->cancel_delivery(owed.id));
  EXPECT_NE(state_of(owed.id), delivery_state::cancelled);
  reopen();
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  EXPECT_EQ(state_of(owed.id), delivery_state::cancelled);
}

TEST_P(replay_conformance, remembers_a_cancelled_retry_through_a_crash) {
  const auto to = endpoint(model::order_rule::per_uid);
  accept_one(draft({to}, "uid-a"));
  const auto next = accept_one(draft({to}, "uid-a"));
  const auto owed = sink_->take();
  record(report(owed, verdict::retry, clock_.engine() + 1'000));
  clock_.advance(1'000);
  settle();
  EXPECT_EQ(sink_->take().id, owed.id);
  ASSERT_TRUE(store_.config->cancel_delivery(owed.id));
  reopen();
  EXPECT_EQ(state_of(owed.id), delivery_state::cancelled);
  EXPECT_EQ(sink_->take().id, next.id + 1);
}

TEST_P(replay_conformance, lets_a_delivered_result_win_over_a_cancelled_one) {
  accept_one(draft({endpoint(model::order_rule::none)}));
  const auto owed = sink_->take();
  ASSERT_TRUE(store_.config->cancel_delivery(owed.id));
  record(report(owed, verdict::delivered));
  EXPECT_EQ(state_of(owed.id), delivery_state::delivered);
  ASSERT_TRUE(store_.replays->replay_delivery(owed.id));
  EXPECT_EQ(sink_->take().id, owed.id);
  reopen();
  EXPECT_EQ(sink_->take().id, owed.id) << "the cancellation was of the generation before";
}

TEST_P(replay_conformance, takes_a_cancellation_back) {
  accept_one(draft({endpoint(model::order_rule::none)}));
  const auto owed = sink_->take();
  ASSERT_TRUE(store_.config->cancel_delivery(owed.id));
  ASSERT_TRUE(store_.config->retry_delivery(owed.id));
  record(report(owed, verdict::retry, clock_.engine() + 1'000));
  EXPECT_EQ(state_of(owed.id), delivery_state::retrying);
  reopen();
  EXPECT_EQ(state_of(owed.id), delivery_state::retrying);
}

TEST_P(replay_conformance, cancels_at_once_what_waits_in_memory) {
  const auto to = endpoint(model::order_rule::per_uid);
  accept_one(draft({to}, "uid-a"));
  const auto second = accept_one(draft({to}, "uid-a"));
  const auto third = accept_one(draft({to}, "uid-a"));
  const auto head = sink_->take();
  ASSERT_TRUE(store_.config->cancel_delivery(second.id + 1));
  EXPECT_EQ(state_of(second.id + 1), delivery_state::cancelled);
  record(report(head, verdict::delivered));
  EXPECT_EQ(sink_->take().id, third.id + 1);
}

INSTANTIATE_TEST_SUITE_P(every_store, replay_conformance, testing::ValuesIn(implementations()),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace posthorn::conformance
