// Order per uid (contract section 3): a later event waits until the earlier one has ended or was waited for long
// enough.
#include "conformance/store_harness.hpp"

namespace posthorn::conformance {
namespace {

using store::verdict;

class order_conformance : public store_conformance {};

TEST_P(order_conformance, holds_a_later_event_until_the_earlier_is_delivered) {
  const auto to = endpoint(model::order_rule::per_uid);
  accept_one(draft({to}, "uid-a"));
  const auto second = accept_one(draft({to}, "uid-a"));
  const auto other = accept_one(draft({to}, "uid-b"));
  const auto head = sink_->take();
  EXPECT_EQ(sink_->take().id, other.id + 1);
  EXPECT_EQ(sink_->waiting(), 0u);
  record(report(head, verdict::delivered));
  EXPECT_EQ(sink_->take().id, second.id + 1);
}

TEST_P(order_conformance, holds_through_retries_and_releases_on_final_failure) {
  const auto to = endpoint(model::order_rule::per_uid);
  accept_one(draft({to}, "uid-a"));
  const auto second = accept_one(draft({to}, "uid-a"));
  const auto head = sink_->take();
  record(report(head, verdict::retry, clock_.engine() + 1'000));
  EXPECT_EQ(sink_->waiting(), 0u);
  clock_.advance(1'000);
  settle();
  const auto again = sink_->take();
  EXPECT_EQ(again.id, head.id);
  record(report(again, verdict::failed));
  EXPECT_EQ(sink_->take().id, second.id + 1);
}

TEST_P(order_conformance, releases_one_after_the_other) {
  const auto to = endpoint(model::order_rule::per_uid);
  std::vector<model::event_id> events;
  for (int i = 0; i < 5; ++i) events.push_back(accept_one(draft({to}, "uid-a")).id);
  for (const model::event_id event : events) {
    const auto next = sink_->take();
    EXPECT_EQ(next.id, event + 1);
    EXPECT_EQ(sink_->waiting(), 0u);
    record(report(next, verdict::delivered));
  }
}

TEST_P(order_conformance, lets_a_later_event_pass_after_order_wait_max) {
  const auto to = endpoint(model::order_rule::per_uid, 600);
  accept_one(draft({to}, "uid-a"));
  const auto second = accept_one(draft({to}, "uid-a"));
  const auto head = sink_->take();
  record(report(head, verdict::retry, clock_.engine() + 3'600'000));
  clock_.advance(599'000);
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  clock_.advance(2'000);
  settle();
  EXPECT_EQ(sink_->take().id, second.id + 1);
  // The head was overtaken: it holds nobody any more, and is still owed.
  const auto third = accept_one(draft({to}, "uid-c"));
  EXPECT_EQ(sink_->take().id, third.id + 1);
  clock_.advance(3'600'000);
  settle();
  EXPECT_EQ(sink_->take().id, head.id);
}

TEST_P(order_conformance, lets_it_pass_where_nothing_else_happens) {
  const auto to = endpoint(model::order_rule::per_uid, 600);
  accept_one(draft({to}, "uid-a"));
  const auto second = accept_one(draft({to}, "uid-a"));
  record(report(sink_->take(), verdict::retry, clock_.engine() + 3'600'000));
  clock_.advance(601'000);
  EXPECT_EQ(sink_->take().id, second.id + 1) << "no call, no report: time alone";
}

TEST_P(order_conformance, waits_as_long_as_it_takes_with_order_wait_zero) {
  const auto to = endpoint(model::order_rule::per_uid, 0);
  accept_one(draft({to}, "uid-a"));
  accept_one(draft({to}, "uid-a"));
  const auto head = sink_->take();
  record(report(head, verdict::retry, clock_.engine() + 10'000'000));
  clock_.advance(9'000'000);
  settle();
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
}

TEST_P(order_conformance, keeps_the_chain_through_a_restart) {
  const auto to = endpoint(model::order_rule::per_uid);
  const auto first = accept_one(draft({to}, "uid-a"));
  const auto second = accept_one(draft({to}, "uid-a"));
  reopen();
  const auto head = sink_->take();
  EXPECT_EQ(head.id, first.id + 1);
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  record(report(head, verdict::delivered));
  EXPECT_EQ(sink_->take().id, second.id + 1);
}

TEST_P(order_conformance, releases_the_next_when_the_head_is_cancelled) {
  const auto to = endpoint(model::order_rule::per_uid);
  accept_one(draft({to}, "uid-a"));
  const auto second = accept_one(draft({to}, "uid-a"));
  const auto head = sink_->take();
  record(report(head, verdict::retry, clock_.engine() + 60'000));
  ASSERT_TRUE(store_.config->cancel_delivery(head.id));
  EXPECT_EQ(sink_->take().id, second.id + 1);
}

TEST_P(order_conformance, frees_a_chain_whose_endpoint_is_no_longer_ordered) {
  const auto to = endpoint(model::order_rule::per_uid);
  accept_one(draft({to}, "uid-a"));
  const auto second = accept_one(draft({to}, "uid-a"));
  sink_->take();
  ASSERT_TRUE(store_.config->update_endpoint(to, [](model::endpoint& edit) -> base::result<void> {
    edit.order = model::order_rule::none;
    return {};
  }));
  clock_.advance(200);
  settle();
  settle();
  EXPECT_EQ(sink_->take().id, second.id + 1);
}

INSTANTIATE_TEST_SUITE_P(every_store, order_conformance, testing::ValuesIn(implementations()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace posthorn::conformance
