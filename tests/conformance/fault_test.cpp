// A disk that is full or breaks: nothing is acknowledged that is not durable, nothing is sent that cannot be recorded,
// and service resumes when the cause is gone.
#include <fstream>

#include "conformance/failing_disk.hpp"
#include "conformance/store_harness.hpp"

namespace posthorn::conformance {
namespace {

using store::verdict;

class fault_conformance : public store_conformance {
 protected:
  void SetUp() override {
    failing_disk::instance();
    store_conformance::SetUp();
  }
  void TearDown() override {
    mend();
    store_conformance::TearDown();
  }
  static void mend() {
    failing_disk::instance().full = false;
    failing_disk::instance().sync_fails = false;
  }

  store::accept_result try_accept(model::endpoint_id to) {
    std::vector<store::event_draft> drafts;
    drafts.push_back(draft({to}));
    return accept(std::move(drafts)).at(0);
  }
  // Every unit of work makes a fallen store try to rise, and answers only after that.
  store::accepted_event accept_when_mended(model::endpoint_id to) {
    for (int i = 0; i < 10 && !touch(); ++i) {
    }
    const auto result = try_accept(to);
    EXPECT_TRUE(result) << result.error().detail;
    return result.value_or(store::accepted_event{});
  }
};

TEST_P(fault_conformance, refuses_when_the_disk_is_full_and_resumes) {
  const auto to = endpoint(model::order_rule::none);
  const auto before = accept_one(draft({to}));
  const auto owed = sink_->take();
  failing_disk::instance().full = true;
  const auto refused = try_accept(to);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::fault::disk_full);
  EXPECT_TRUE(refused.error().retry_after_s);
  EXPECT_FALSE(store_.health->health().can_accept);
  EXPECT_FALSE(store_.health->health().reason.empty());
  mend();
  const auto after = accept_when_mended(to);
  EXPECT_GT(after.id, before.id);
  EXPECT_TRUE(store_.health->health().can_accept);
  // What a lane held through the fault is still its own: reported once, offered once.
  record(report(owed, verdict::delivered));
  EXPECT_EQ(state_of(owed.id), model::delivery_state::delivered);
  EXPECT_EQ(sink_->take().id, after.id + 1);
  EXPECT_EQ(sink_->waiting(), 0u);
}

TEST_P(fault_conformance, keeps_reports_through_a_failed_sync) {
  const auto to = endpoint(model::order_rule::none);
  accept_one(draft({to}));
  const auto owed = sink_->take();
  failing_disk::instance().sync_fails = true;
  std::vector<store::attempt_report> reports;
  reports.push_back(report(owed, verdict::delivered));
  store_.log->record(std::move(reports));
  const auto refused = try_accept(to);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::fault::store_unavailable);
  mend();
  accept_when_mended(to);
  settle();
  EXPECT_EQ(state_of(owed.id), model::delivery_state::delivered);
}

TEST_P(fault_conformance, offers_what_was_refused_only_if_it_became_durable) {
  const auto to = endpoint(model::order_rule::none);
  failing_disk::instance().sync_fails = true;
  ASSERT_FALSE(try_accept(to));
  mend();
  const auto after = accept_when_mended(to);
  // The outcome of the failed commit was unknown: if it did reach the disk, its event is owed like any other.
  auto listed = store_.queries->list_events(
      {.integration = integration_, .uid = {}, .type = {}, .endpoint = {}, .state = {}}, 0, 100);
  ASSERT_TRUE(listed) << listed.error().detail;
  std::size_t offered = 0;
  for (model::delivery_id last = 0; last != after.id + 1; ++offered) last = sink_->take().id;
  EXPECT_EQ(offered, listed->rows.size());
}

TEST_P(fault_conformance, does_not_start_on_a_damaged_file) {
  store_ = {};
  {
    std::fstream file(directory_ / "posthorn.db", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(0);
    file << "this is not a database any more";
  }
  auto opened = GetParam().open(directory_.string(), clock_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, base::fault::store_corrupt);
}

// The verdict is retained with its report; a probe that is out stays the only one.
TEST_P(fault_conformance, opens_a_breaker_and_probes_once_through_a_failed_sync) {
  const auto to = endpoint(model::order_rule::none);
  accept_one(draft({to}));
  const auto fail_with = [&](const store::owed_delivery& of, model::health_change change) {
    failing_disk::instance().sync_fails = true;
    auto failed = report(of, verdict::retry, clock_.engine());
    failed.health.change = change;
    failed.health.state_version = store_.directory->current()->endpoints.at(to)->condition.state_version;
    failed.health.probe_at = clock_.engine() + 5'000;
    std::vector<store::attempt_report> reports;
    reports.push_back(std::move(failed));
    store_.log->record(std::move(reports));
    EXPECT_FALSE(try_accept(to));
    mend();
    accept_when_mended(to);
  };
  fail_with(sink_->take(), model::health_change::open);
  EXPECT_EQ(store_.directory->current()->endpoints.at(to)->state, model::endpoint_state::degraded);
  clock_.advance(5'000);
  settle();
  const auto probe = sink_->take();
  EXPECT_TRUE(probe.probe);
  failing_disk::instance().sync_fails = true;
  EXPECT_FALSE(try_accept(to));
  mend();
  accept_when_mended(to);
  settle();
  EXPECT_EQ(sink_->waiting(), 0u) << "the probe is out still";
  fail_with(probe, model::health_change::stay_open);
  clock_.advance(5'000);
  settle();
  const auto next = sink_->take();
  EXPECT_TRUE(next.probe);
  EXPECT_NE(next.id, probe.id);
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
}

INSTANTIATE_TEST_SUITE_P(every_store, fault_conformance, testing::ValuesIn(implementations()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace posthorn::conformance
