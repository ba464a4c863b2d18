// A disk that is full or breaks: nothing is acknowledged that is not durable, nothing is sent that cannot be recorded,
// and service resumes when the cause is gone.
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <thread>

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
    failing_disk::instance().gone = false;
    failing_disk::instance().sync_fails = false;
    failing_disk::instance().unreadable = nullptr;
  }

  // On a page of its own, which the writer does not have in memory any more.
  static constexpr const char* bad_sector = "-- here the disk is damaged --";
  static std::string long_text() { return std::string(6'000, 'x') + bad_sector; }
  void empty_caches() {
    const auto to = endpoint(model::order_rule::none);
    EXPECT_TRUE(store_.config->set_endpoint_state(to, model::endpoint_state::paused, "by a test"));
    for (int i = 0; i < 80; ++i) {
      auto large = draft({to});
      large.payload.assign(200'000, 'y');
      accept_one(std::move(large));
    }
  }
  // From which it may rise at the next call.
  void fall() {
    failing_disk::instance().sync_fails = true;
    EXPECT_FALSE(store_.config->update_integration(integration_, [](model::integration& it) -> base::result<void> {
      ++it.retention_days;
      return {};
    }));
    failing_disk::instance().sync_fails = false;
  }
  // The store may keep what is new apart at first, and bring it to its place when it rises; then it is read from there.
  void bring_all_to_its_place() {
    fall();
    for (int i = 0; i < 10 && !touch(); ++i) {
    }
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

// Between two calls, when nothing but the writer itself looks at the store.
TEST_P(fault_conformance, waits_for_a_disk_that_is_gone) {
  const auto to = endpoint(model::order_rule::none);
  accept_one(draft({to}));
  const auto owed = sink_->take();
  // All that housekeeping has to do is done, but for a count of attempts that is written every ten seconds.
  for (const base::epoch_ms later_ms : {20'000, 200}) {
    clock_.advance(later_ms);
    ASSERT_TRUE(store_.sessions->change_sessions([](store::session_changes&) -> base::result<void> { return {}; }));
  }
  failing_disk::instance().gone = true;
  failing_disk::instance().sync_fails = true;
  std::vector<store::attempt_report> reports;
  reports.push_back(report(owed, verdict::delivered));
  store_.log->record(std::move(reports));
  while (store_.health->health().can_accept) std::this_thread::yield();
  failing_disk::instance().sync_fails = false;
  for (int i = 0; i < 2; ++i) {
    const int before = failing_disk::instance().refusals;
    while (failing_disk::instance().refusals == before) std::this_thread::yield();
  }
  EXPECT_FALSE(touch());
  mend();
  accept_when_mended(to);
  settle();
  EXPECT_EQ(state_of(owed.id), model::delivery_state::delivered);
}

// What ulimit -f or a quota does: writes fail with EFBIG, once its signal is ignored as the program ignores it.
TEST_P(fault_conformance, a_file_that_may_not_grow_is_a_full_disk) {
  const auto to = endpoint(model::order_rule::none);
  accept_one(draft({to}));
  const auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit unlimited{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &unlimited), 0);
  rlimit tight = unlimited;
  tight.rlim_cur = 128 * 1024;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  store::accept_result refused = store::accepted_event{};
  for (int i = 0; i < 100 && refused; ++i) {
    std::vector<store::event_draft> drafts;
    drafts.push_back(draft({to}));
    drafts.back().payload.assign(50'000, 'y');
    refused = accept(std::move(drafts)).at(0);
  }
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &unlimited), 0);
  std::signal(SIGXFSZ, before);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::fault::disk_full) << refused.error().detail;
  accept_when_mended(to);
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

// The end of what can be read is not the end of what is owed.
TEST_P(fault_conformance, does_not_rise_before_it_can_read_all_that_is_owed) {
  const auto to = endpoint(model::order_rule::none);
  std::vector<store::owed_delivery> owed;
  for (int i = 0; i < 3; ++i) {
    auto one = draft({to});
    if (i == 1) one.payload = long_text();
    accept_one(std::move(one));
    owed.push_back(sink_->take());
  }
  bring_all_to_its_place();
  failing_disk::instance().unreadable = bad_sector;
  fall();
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(touch());
  EXPECT_FALSE(store_.health->health().can_accept);
  mend();
  accept_when_mended(to);
  for (const auto& each : owed) {
    record(report(each, verdict::delivered));
    EXPECT_EQ(state_of(each.id), model::delivery_state::delivered);
  }
}

TEST_P(fault_conformance, sends_what_could_not_be_read_for_a_while) {
  const auto to = endpoint(model::order_rule::none);
  auto one = draft({to});
  one.payload = long_text();
  accept_one(std::move(one));
  accept_one(draft({to}));
  const auto damaged = sink_->take();
  const auto sound = sink_->take();
  record(report(damaged, verdict::retry, clock_.engine() + 1'000));
  record(report(sound, verdict::retry, clock_.engine() + 1'500));
  empty_caches();
  failing_disk::instance().unreadable = bad_sector;
  clock_.advance(2'000);
  settle();
  EXPECT_EQ(sink_->take().id, sound.id) << "it is held up by nothing";
  EXPECT_GT(failing_disk::instance().refusals.exchange(0), 0);
  mend();
  record(report(sound, verdict::delivered));
  EXPECT_EQ(sink_->waiting(), 0u);
  clock_.advance(10'000);
  settle();
  EXPECT_EQ(sink_->take().id, damaged.id);
}

// SQLite rolls a transaction back by itself where a statement fails for the disk; what comes behind in the same group
// must not become durable by itself.
TEST_P(fault_conformance, a_change_that_was_refused_is_not_there) {
  const auto put = [this](const std::string& uid, const std::string& given) {
    return store_.sessions->change_sessions([&](store::session_changes& in) -> base::result<void> {
      store::session_record one;
      one.value.integration = integration_;
      one.value.uid = uid;
      one.value.expires_at = clock_.engine() + 60'000;
      one.given = given;
      in.put(one);
      return {};
    });
  };
  const auto is_there = [this](const std::string& uid) {
    std::optional<store::session_record> found;
    EXPECT_TRUE(store_.sessions->change_sessions([&](store::session_changes& in) -> base::result<void> {
      found = in.find_latest(integration_, uid);
      return {};
    }));
    return found.has_value();
  };
  ASSERT_TRUE(put("damaged", long_text()));
  for (int i = 0; i < 5; ++i) {
    empty_caches();
    const std::string uid = "behind-" + std::to_string(i);
    std::promise<void> entered, ask;
    std::atomic<int> asking{0};
    auto first = std::async(std::launch::async, [&] {
      return store_.sessions->change_sessions([&](store::session_changes&) -> base::result<void> {
        entered.set_value();
        ask.get_future().wait();
        return {};
      });
    });
    entered.get_future().wait();
    failing_disk::instance().unreadable = bad_sector;
    // Both wait for the writer by now, or nearly: whichever group they meet in, what is told has to be true.
    auto failing = std::async(std::launch::async, [&] {
      ++asking;
      return store_.sessions->change_sessions([&](store::session_changes& in) -> base::result<void> {
        static_cast<void>(in.find_latest(integration_, "damaged"));
        return {};
      });
    });
    auto behind = std::async(std::launch::async, [&] {
      ++asking;
      return put(uid, "");
    });
    while (asking < 2) std::this_thread::yield();
    ask.set_value();
    EXPECT_TRUE(first.get());
    EXPECT_FALSE(failing.get());
    const bool told = behind.get().has_value();
    mend();
    accept_when_mended(endpoint(model::order_rule::none));
    EXPECT_EQ(is_there(uid), told);
  }
}

TEST_P(fault_conformance, gives_back_the_room_of_what_waited_when_recovery_fails_half_way) {
  const auto to = endpoint(model::order_rule::per_uid);
  const auto paused = endpoint(model::order_rule::none);
  ASSERT_TRUE(store_.config->set_endpoint_state(paused, model::endpoint_state::paused, "by a test"));
  const int room = sink_->room;
  for (int i = 0; i < 3; ++i) accept_one(draft({to}, "person-1"));
  const auto head = sink_->take();
  // So many that recovery reads the last event in a step of its own, after the first ones have their places.
  std::vector<store::event_draft> between;
  for (int i = 0; i < 1'000; ++i) between.push_back(draft({paused}));
  for (const auto& each : accept(std::move(between))) ASSERT_TRUE(each);
  auto last = draft({to}, "person-2");
  last.payload = long_text();
  accept_one(std::move(last));
  const auto other = sink_->take();
  bring_all_to_its_place();
  failing_disk::instance().unreadable = bad_sector;
  fall();
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(touch());
  mend();
  for (int i = 0; i < 10 && !touch(); ++i) {
  }
  EXPECT_EQ(sink_->room, room - 4);
  record(report(head, verdict::delivered));
  record(report(other, verdict::delivered));
  EXPECT_EQ(sink_->take().uid_hash, head.uid_hash);
}

TEST_P(fault_conformance, what_is_out_when_its_endpoint_goes_ends_over_a_fault) {
  const auto to = endpoint(model::order_rule::none);
  accept_one(draft({to}));
  const auto out = sink_->take();
  ASSERT_TRUE(store_.config->delete_endpoint(to));
  fall();
  for (int i = 0; i < 10 && !touch(); ++i) {
  }
  clock_.advance(3'000);
  settle();
  settle();
  record(report(out, verdict::retry, clock_.engine() + 1'000));
  settle();
  EXPECT_EQ(state_of(out.id), model::delivery_state::cancelled);
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
