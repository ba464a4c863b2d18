// A store that accepts and whose deliveries do not go out says so; one that is only waiting for somebody does not.
#include "conformance/store_harness.hpp"

namespace posthorn::conformance {
namespace {

using store::verdict;

constexpr base::epoch_ms minute_ms = 60'000;

class progress : public store_conformance {
 protected:
  // Ten minutes, with a look at the lanes in each.
  void let_time_pass() {
    for (int i = 0; i < 10; ++i) {
      clock_.advance(minute_ms);
      settle();
    }
  }
  [[nodiscard]] std::int64_t stalled_ms() const { return store_.health->stats().stalled_ms; }
};

TEST_P(progress, is_none_where_nobody_takes_what_lies_in_a_lane) {
  accept_one(draft({endpoint(model::order_rule::none)}));
  let_time_pass();
  EXPECT_GE(stalled_ms(), 9 * minute_ms);
  EXPECT_GE(store_.health->stats().oldest_due_ms, 9 * minute_ms);
  EXPECT_EQ(store_.health->stats().deepest_lane, 1U);
  EXPECT_LT(store_.health->stats().since_turn_ms, minute_ms);
  record(report(sink_->take(), verdict::delivered));
  let_time_pass();
  EXPECT_EQ(stalled_ms(), 0);
  EXPECT_EQ(store_.health->stats().oldest_due_ms, 0);
}

TEST_P(progress, is_none_where_an_empty_lane_has_no_room) {
  sink_->room = 0;
  accept_one(draft({endpoint(model::order_rule::none)}));
  let_time_pass();
  EXPECT_GE(stalled_ms(), 9 * minute_ms);
}

TEST_P(progress, is_all_that_can_be_where_the_cap_is_reached) {
  sink_->may_start = false;
  accept_one(draft({endpoint(model::order_rule::none)}));
  let_time_pass();
  EXPECT_EQ(stalled_ms(), 0);
  EXPECT_GE(store_.health->stats().oldest_due_ms, 9 * minute_ms) << "it waits, and is seen to";
}

TEST_P(progress, is_seen_in_each_attempt_of_a_receiver_that_always_fails) {
  accept_one(draft({endpoint(model::order_rule::none)}));
  accept_one(draft({endpoint(model::order_rule::none)}));
  const auto to = sink_->take().endpoint;
  for (int i = 0; i < 5; ++i) {
    accept_one(draft({to}));
    accept_one(draft({to}));
    auto owed = sink_->take();
    while (owed.endpoint != to) owed = sink_->take();
    record(report(owed, verdict::retry, clock_.engine() + 100 * minute_ms));
    clock_.advance(minute_ms);
    settle();
    EXPECT_LE(stalled_ms(), minute_ms);
  }
}

TEST_P(progress, is_not_expected_of_what_is_parked_rests_or_is_due_later) {
  const auto paused = endpoint(model::order_rule::none);
  ASSERT_TRUE(store_.config->set_endpoint_state(paused, model::endpoint_state::paused, {}));
  accept_one(draft({paused}));
  const auto resting = endpoint(model::order_rule::none);
  accept_one(draft({resting}));
  auto tried = report(sink_->take(), verdict::retry, clock_.engine());
  tried.lane_rests_until = clock_.engine() + 100 * minute_ms;
  record(tried);
  let_time_pass();
  EXPECT_EQ(stalled_ms(), 0);
  EXPECT_EQ(store_.health->stats().parked_rows, 1U);
  ASSERT_TRUE(store_.config->set_endpoint_state(paused, model::endpoint_state::active, {}));
  EXPECT_EQ(stalled_ms(), 0) << "what was parked for long has only now begun to wait";
  let_time_pass();
  EXPECT_GE(stalled_ms(), 9 * minute_ms);
}

INSTANTIATE_TEST_SUITE_P(stores, progress, testing::ValuesIn(implementations()),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace posthorn::conformance
