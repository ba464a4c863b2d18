// store::traffic_log: what went out is counted once, in every step, and survives a restart.
#include "base/limits.hpp"
#include "conformance/store_harness.hpp"
#include "store/traffic_log.hpp"

namespace posthorn::conformance {
namespace {

using store::verdict;

class traffic_conformance : public store_conformance {
 protected:
  model::endpoint_id plain() { return endpoint(model::order_rule::none); }

  void deliver(model::endpoint_id to, verdict decided, std::int32_t took_us, base::epoch_ms due = 0) {
    accept_one(draft({to}));
    auto ended = report(sink_->take(), decided, due);
    ended.evidence.timing.total_us = took_us;
    record(std::move(ended));
  }
  std::vector<store::traffic_row> rows(int step_s, std::optional<model::endpoint_id> of = {}) {
    auto read = store_.traffic->read_traffic({integration_, of, 0, step_s});
    EXPECT_TRUE(read) << read.error().detail;
    return read ? *read : std::vector<store::traffic_row>{};
  }
  // The counts are written once their time has come, with the writer's next turns.
  void flush() {
    clock_.advance(base::limits::traffic_flush_ms);
    for (int turn = 0; turn < 2; ++turn) settle();
  }
};

TEST_P(traffic_conformance, counts_attempts_and_ends_in_every_step) {
  const auto to = plain();
  deliver(to, verdict::delivered, 2'000);
  deliver(to, verdict::delivered, 2'000);
  deliver(to, verdict::failed, 900'000);
  deliver(to, verdict::retry, 900'000, clock_.engine() + 3'600'000);
  flush();
  for (const model::traffic_step& step : model::traffic_steps) {
    const auto found = rows(step.seconds);
    ASSERT_EQ(found.size(), 1u) << step.seconds;
    EXPECT_EQ(found[0].endpoint, to);
    EXPECT_EQ(found[0].start % (step.seconds * 1000), 0);
    EXPECT_EQ(found[0].count.attempts, 4u);
    EXPECT_EQ(found[0].count.delivered, 2u);
    EXPECT_EQ(found[0].count.failed, 1u);
    EXPECT_GT(found[0].count.percentile_us(0.95), 700'000);
  }
  flush();
  EXPECT_EQ(rows(7200).at(0).count.attempts, 4u) << "counted once";
}

TEST_P(traffic_conformance, keeps_endpoints_and_spans_apart) {
  const auto one = plain();
  const auto two = plain();
  deliver(one, verdict::delivered, 1'000);
  flush();
  clock_.advance(60'000);
  deliver(two, verdict::delivered, 1'000);
  flush();
  EXPECT_EQ(rows(60).size(), 2u);
  ASSERT_EQ(rows(60, two).size(), 1u);
  EXPECT_EQ(rows(60, two)[0].count.delivered, 1u);
  EXPECT_GT(rows(60, two)[0].start, rows(60, one)[0].start);
}

TEST_P(traffic_conformance, survives_a_restart) {
  const auto to = plain();
  deliver(to, verdict::delivered, 1'000);
  reopen();
  ASSERT_EQ(rows(60).size(), 1u) << "an ordered end loses nothing";
  deliver(to, verdict::delivered, 1'000);
  flush();
  EXPECT_EQ(rows(7200).at(0).count.delivered, 2u);
}

TEST_P(traffic_conformance, forgets_what_is_too_old) {
  const auto to = plain();
  deliver(to, verdict::delivered, 1'000);
  flush();
  clock_.advance(base::epoch_ms{model::traffic_steps[0].kept_s + 120} * 1000);
  deliver(to, verdict::delivered, 1'000);
  flush();
  EXPECT_EQ(rows(60).size(), 1u);
  EXPECT_GE(rows(900).size(), 2u);
}

TEST_P(traffic_conformance, tells_what_waits) {
  const auto to = plain();
  ASSERT_TRUE(store_.config->set_endpoint_state(to, model::endpoint_state::paused, "by the test"));
  accept_one(draft({to}));
  accept_one(draft({to}));
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::uint64_t seen = 0;
  while (seen != 2 && std::chrono::steady_clock::now() < until) {
    clock_.advance(base::limits::engine_survey_ms);
    settle();
    const auto waiting = store_.traffic->backlog();
    const auto found = waiting->find(to);
    seen = found == waiting->end() ? 0 : found->second.deliveries;
  }
  EXPECT_EQ(seen, 2u);
}

INSTANTIATE_TEST_SUITE_P(stores, traffic_conformance, testing::ValuesIn(implementations()),
                         [](const auto& of) { return std::string(of.param.name); });

}  // namespace
}  // namespace posthorn::conformance
