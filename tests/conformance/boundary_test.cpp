// What throws ends alone: its caller is told, nothing of it is left in the store or in memory, and all others go on.
#include <future>
#include <new>
#include <stdexcept>
#include <thread>

#include "conformance/store_harness.hpp"

namespace posthorn::conformance {
namespace {

using store::verdict;

// The harness's lanes, which fail on demand.
class throwing_sink final : public store::delivery_sink {
 public:
  explicit throwing_sink(recording_sink& real) : real_(real) {}
  std::atomic<int> reserves_to_fail{0}, offers_to_fail{0};

  bool reserve(model::endpoint_id endpoint, std::uint64_t key, std::size_t bytes) override {
    if (count_down(reserves_to_fail)) throw std::bad_alloc();
    return real_.reserve(endpoint, key, bytes);
  }
  void release(model::endpoint_id endpoint, std::uint64_t key, std::size_t bytes) override {
    real_.release(endpoint, key, bytes);
  }
  void offer(std::vector<store::owed_delivery> deliveries) override {
    if (count_down(offers_to_fail)) throw std::runtime_error("the lanes are out of order");
    real_.offer(std::move(deliveries));
  }
  void allow_sending(bool allowed) override { real_.allow_sending(allowed); }
  store::lane_load load(model::endpoint_id endpoint) override { return real_.load(endpoint); }

 private:
  static bool count_down(std::atomic<int>& left) { return left > 0 && left-- > 0; }
  recording_sink& real_;
};

class boundary_conformance : public store_conformance {
 protected:
  void SetUp() override {
    store_conformance::SetUp();
    store_ = {};
    sink_ = std::make_unique<recording_sink>();
    lanes_ = std::make_unique<throwing_sink>(*sink_);
    auto opened = GetParam().open(directory_.string(), clock_);
    ASSERT_TRUE(opened) << opened.error().detail;
    store_ = std::move(*opened);
    ASSERT_TRUE(store_.start(*lanes_));
  }
  void TearDown() override {
    store_conformance::TearDown();
    lanes_.reset();
  }

  // Every unit of work makes a store that reads all anew try to.
  void settle_after_a_fault() {
    for (int i = 0; i < 20 && !touch(); ++i) {
    }
    ASSERT_TRUE(store_.health->health().can_accept) << store_.health->health().reason;
  }
  std::size_t event_count() {
    const auto listed = store_.queries->list_events(
        {.integration = integration_, .uid = {}, .type = {}, .endpoint = {}, .state = {}}, 0, 100);
    EXPECT_TRUE(listed);
    return listed ? listed->rows.size() : 0;
  }
  store::accept_result try_accept(store::event_draft one) {
    std::vector<store::event_draft> drafts;
    drafts.push_back(std::move(one));
    return accept(std::move(drafts)).at(0);
  }
  store::session_record session(const std::string& uid) {
    store::session_record one;
    one.value.integration = integration_;
    one.value.uid = uid;
    one.value.expires_at = clock_.engine() + 60'000;
    return one;
  }
  bool has_session(const std::string& uid) {
    bool found = false;
    EXPECT_TRUE(store_.sessions->change_sessions([&](store::session_changes& in) -> base::result<void> {
      found = in.find_latest(integration_, uid).has_value();
      return {};
    }));
    return found;
  }

  std::unique_ptr<throwing_sink> lanes_;
};

TEST_P(boundary_conformance, a_decision_that_throws_leaves_nothing_behind) {
  const auto to = endpoint(model::order_rule::none);
  const auto thrown = store_.sessions->change_sessions([&](store::session_changes& in) -> base::result<void> {
    auto one = session("thrown");
    in.put(one);
    in.emit(draft({to}, "thrown"));
    throw std::bad_alloc();
  });
  ASSERT_FALSE(thrown);
  EXPECT_EQ(thrown.error().code, base::fault::internal);
  EXPECT_TRUE(store_.health->health().can_accept) << "the store is as it was";
  EXPECT_FALSE(has_session("thrown"));
  EXPECT_EQ(event_count(), 0u);
  EXPECT_EQ(sink_->waiting(), 0u);

  const auto after = accept_one(draft({to}));
  EXPECT_EQ(sink_->take().id, after.id + 1);
}

TEST_P(boundary_conformance, every_port_that_takes_a_decision_survives_one_that_throws) {
  const auto to = endpoint(model::order_rule::none);
  const auto company = store_.directory->current()->companies.begin()->first;
  const auto is_internal = [](const auto& outcome) {
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, base::fault::internal);
  };
  is_internal(store_.config->update_integration(integration_, [](model::integration& one) -> base::result<void> {
    one.retention_days = 7;
    throw std::out_of_range("by a test");
  }));
  is_internal(store_.config->update_endpoint(to, [](model::endpoint& one) -> base::result<void> {
    one.url = "https://example.org/changed";
    throw 7;  // not even a std::exception
  }));
  is_internal(store_.people->change_people([&](store::people_changes& in) -> base::result<void> {
    model::member one;
    one.company = company;
    one.email = "thrown@example.org";
    in.put(one);
    throw std::runtime_error("by a test");
  }));
  is_internal(store_.links->change_links(
      [&](store::session_changes&, store::link_changes&) -> base::result<void> { throw std::bad_alloc(); }));
  EXPECT_TRUE(touch());
  const auto now = store_.directory->current();
  EXPECT_NE(now->integrations.at(integration_)->value.retention_days, 7);
  EXPECT_EQ(now->endpoints.at(to)->url, "https://example.com/hook");
  EXPECT_TRUE(store_.people->find_members("thrown@example.org").value().empty());
}

TEST_P(boundary_conformance, what_shares_a_transaction_with_one_that_throws_passes) {
  const auto to = endpoint(model::order_rule::none);
  std::promise<void> entered, go;
  auto first = std::async(std::launch::async, [&] {
    return store_.sessions->change_sessions([&](store::session_changes&) -> base::result<void> {
      entered.set_value();
      go.get_future().wait();
      return {};
    });
  });
  entered.get_future().wait();
  std::promise<std::vector<store::accept_result>> accepted;
  std::vector<store::event_draft> drafts;
  drafts.push_back(draft({to}));
  store_.intake->accept(std::move(drafts), [&](auto results) { accepted.set_value(std::move(results)); });
  std::atomic<int> asking{0};
  auto throwing = std::async(std::launch::async, [&] {
    ++asking;
    return store_.sessions->change_sessions(
        [&](store::session_changes&) -> base::result<void> { throw std::runtime_error("by a test"); });
  });
  auto sound = std::async(std::launch::async, [&] {
    ++asking;
    return store_.sessions->change_sessions([&](store::session_changes& in) -> base::result<void> {
      auto one = session("sound");
      in.put(one);
      return {};
    });
  });
  while (asking < 2) std::this_thread::yield();
  go.set_value();
  EXPECT_TRUE(first.get());
  EXPECT_FALSE(throwing.get());
  EXPECT_TRUE(sound.get());
  EXPECT_TRUE(accepted.get_future().get().at(0));
  EXPECT_TRUE(has_session("sound"));
}

TEST_P(boundary_conformance, an_accept_that_throws_is_refused_and_memory_is_as_before) {
  const auto to = endpoint(model::order_rule::none);
  accept_one(draft({to}));
  const auto held = sink_->take();
  const int room = sink_->room;
  auto keyed = [&] {
    auto one = draft({to});
    one.idempotent = store::idempotency{};
    one.idempotent->key.fill(7);
    one.idempotent->body.fill(8);
    return one;
  };
  lanes_->reserves_to_fail = 1;
  const auto refused = try_accept(keyed());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::fault::internal);
  settle_after_a_fault();
  EXPECT_EQ(event_count(), 1u);
  EXPECT_EQ(sink_->waiting(), 0u) << "what a lane holds is not offered again";
  EXPECT_EQ(sink_->room, room);

  const auto again = try_accept(keyed());
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->repeated) << "the key was never used";
  EXPECT_EQ(sink_->take().id, again->id + 1);
  record(report(held, verdict::delivered));
  EXPECT_EQ(state_of(held.id), model::delivery_state::delivered);
}

TEST_P(boundary_conformance, deliveries_whose_hand_over_throws_are_handed_over_again) {
  const auto to = endpoint(model::order_rule::none);
  lanes_->offers_to_fail = 1;
  const auto answer = try_accept(draft({to}));
  settle_after_a_fault();
  EXPECT_EQ(event_count(), 1u) << "it was durable before";
  const auto owed = sink_->take();
  EXPECT_TRUE(!answer || owed.id == answer->id + 1);
  record(report(owed, verdict::retry, clock_.engine() + 1'000));

  clock_.advance(2'000);
  lanes_->reserves_to_fail = 1;
  settle();
  settle_after_a_fault();
  EXPECT_EQ(sink_->take().id, owed.id) << "loading the backlog has thrown, and is done again";
}

TEST_P(boundary_conformance, a_report_that_cannot_be_recorded_stops_no_other) {
  const auto to = endpoint(model::order_rule::none);
  model::endpoint told = model::endpoint_from_preset(model::preset::standard);
  told.integration = integration_;
  told.url = "https://example.com/news";
  told.kind = model::endpoint_kind::operational;
  told.event_types = {"delivery.failed"};
  ASSERT_TRUE(store_.config->create_endpoint(told));
  accept_one(draft({to}));
  accept_one(draft({to}));
  const auto broken = sink_->take();
  const auto sound = sink_->take();

  // The news of a failed delivery asks for room: that throws each time.
  lanes_->reserves_to_fail = 1'000;
  std::vector<store::attempt_report> reports;
  reports.push_back(report(broken, verdict::failed));
  reports.push_back(report(sound, verdict::delivered));
  store_.log->record(std::move(reports));
  for (int i = 0; i < 20 && !touch(); ++i) {
  }
  EXPECT_TRUE(touch()) << "it goes on without that report's end";
  EXPECT_EQ(state_of(sound.id), model::delivery_state::delivered);
  EXPECT_NE(state_of(broken.id), model::delivery_state::failed);

  lanes_->reserves_to_fail = 0;
  clock_.advance(61'000);
  settle_after_a_fault();
  settle();
  const auto again = sink_->take();
  EXPECT_EQ(again.id, broken.id) << "nothing that is owed is lost";
  record(report(again, verdict::failed));
  EXPECT_EQ(state_of(broken.id), model::delivery_state::failed);
}

INSTANTIATE_TEST_SUITE_P(every_store, boundary_conformance, testing::ValuesIn(implementations()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace posthorn::conformance
