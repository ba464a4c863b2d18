// The store moves a delivery as the pure machine says (policy/delivery_machine.hpp): long walks of whatever can happen,
// chosen by chance from a printed seed, with the state compared after every step.
#include <algorithm>
#include <array>
#include <optional>
#include <random>

#include "conformance/store_harness.hpp"
#include "policy/delivery_machine.hpp"

namespace posthorn::conformance {
namespace {

using model::delivery_state;
using policy::delivery_event;
using store::verdict;

constexpr std::array every_event{delivery_event::attempt_delivered,
                                 delivery_event::attempt_failed_retryable,
                                 delivery_event::attempt_failed_finally,
                                 delivery_event::endpoint_stopped,
                                 delivery_event::endpoint_started,
                                 delivery_event::manual_retry,
                                 delivery_event::replay,
                                 delivery_event::cancel};

class machine_walk : public store_conformance {
 protected:
  // What the lanes were offered, once all that the store had to do is done.
  void take_offers() {
    settle();
    settle();
    if (sink_->waiting() > 0) held_ = sink_->take();
    EXPECT_EQ(sink_->waiting(), 0u) << "one delivery is in one lane at most";
  }

  void report_of_held(verdict decided) {
    record(report(*held_, decided, clock_.engine() + (decided == verdict::given_back ? 0 : 5'000)));
    held_.reset();
  }

  // Does what the event says. False: it cannot happen now.
  bool happen(delivery_event event, delivery_state expected_before) {
    switch (event) {
      case delivery_event::attempt_delivered:
      case delivery_event::attempt_failed_finally:
      case delivery_event::attempt_failed_retryable: {
        if (!held_) return false;
        const auto decided = event == delivery_event::attempt_delivered        ? verdict::delivered
                             : event == delivery_event::attempt_failed_finally ? verdict::failed
                                                                               : verdict::retry;
        if (decided == verdict::retry) tries_ = held_->tries + 1;
        report_of_held(decided);
        return true;
      }
      case delivery_event::endpoint_stopped:
      case delivery_event::endpoint_started: {
        const auto to =
            event == delivery_event::endpoint_started ? model::endpoint_state::active : model::endpoint_state::paused;
        EXPECT_TRUE(store_.config->set_endpoint_state(endpoint_, to, "a test"));
        // As lanes do: what waits in them goes back.
        if (held_ && event == delivery_event::endpoint_stopped) report_of_held(verdict::given_back);
        return true;
      }
      case delivery_event::manual_retry:
      case delivery_event::replay: {
        const auto done = event == delivery_event::replay ? store_.replays->replay_delivery(delivery_)
                                                          : store_.config->retry_delivery(delivery_);
        const bool anew =
            done && (expected_before == delivery_state::failed || expected_before == delivery_state::cancelled ||
                     expected_before == delivery_state::delivered);
        EXPECT_EQ(done.has_value(), policy::next_state(expected_before, event, tries_).has_value());
        if (anew) tries_ = 0;
        return true;
      }
      case delivery_event::cancel: {
        if (held_) return false;  // decided by its report, which has tests of its own
        const auto done = store_.config->cancel_delivery(delivery_);
        EXPECT_EQ(done.has_value(), policy::next_state(expected_before, event, tries_).has_value());
        return true;
      }
    }
    return false;
  }

  void walk(unsigned seed, int steps) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 chance(seed);
    endpoint_ = endpoint(model::order_rule::none);
    delivery_ = accept_one(draft({endpoint_})).id + 1;
    held_.reset();
    tries_ = 0;
    auto expected = delivery_state::pending;
    bool stopped = false;
    take_offers();
    for (int step = 0; step < steps; ++step) {
      const delivery_event event = every_event[chance() % every_event.size()];
      if (!happen(event, expected)) continue;
      if (event == delivery_event::endpoint_stopped) stopped = true;
      if (event == delivery_event::endpoint_started) stopped = false;
      expected = policy::next_state(expected, event, tries_).value_or(expected);
      // A generation that begins at a stopped endpoint is parked at once.
      if (stopped) expected = policy::next_state(expected, delivery_event::endpoint_stopped, tries_).value_or(expected);
      if (chance() % 3 == 0) clock_.advance(6'000);
      if (chance() % 7 == 0) {
        held_.reset();
        reopen();
      }
      take_offers();
      ASSERT_EQ(model::to_string(state_of(delivery_)), model::to_string(expected))
          << "step " << step << ", event " << static_cast<int>(event);
    }
    EXPECT_TRUE(store_.config->delete_endpoint(endpoint_));
    reopen();
  }

  model::endpoint_id endpoint_ = 0;
  model::delivery_id delivery_ = 0;
  std::optional<store::owed_delivery> held_;
  int tries_ = 0;
};

TEST_P(machine_walk, agrees_with_the_pure_machine_at_every_step) {
  for (unsigned seed = 1; seed <= 20 && !HasFailure(); ++seed) walk(seed, 60);
}

INSTANTIATE_TEST_SUITE_P(every_store, machine_walk, testing::ValuesIn(implementations()),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace posthorn::conformance
