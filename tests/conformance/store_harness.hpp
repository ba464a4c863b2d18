// What every store must pass is written against the ports alone; this opens one of each implementation.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "store/config_store.hpp"
#include "store/delivery_log.hpp"
#include "store/directory.hpp"
#include "store/event_intake.hpp"
#include "store/health.hpp"
#include "store/link_store.hpp"
#include "store/people_store.hpp"
#include "store/queries.hpp"
#include "store/replay_store.hpp"
#include "store/session_store.hpp"
#include "store/traffic_log.hpp"

namespace posthorn::conformance {

// The ports of one running store, and what ends it.
struct opened_store {
  store::event_intake* intake = nullptr;
  store::delivery_log* log = nullptr;
  store::directory_source* directory = nullptr;
  store::config_store* config = nullptr;
  store::queries* queries = nullptr;
  store::replay_store* replays = nullptr;
  store::session_store* sessions = nullptr;
  store::traffic_log* traffic = nullptr;
  store::link_store* links = nullptr;
  store::people_store* people = nullptr;
  store::health_source* health = nullptr;
  std::function<base::result<void>(store::delivery_sink&)> start;
  std::shared_ptr<void> owner;  // its end stops the store in order
};

// Opens the store kept in `directory`; several times one after the other for restarts.
using store_factory = std::function<base::result<opened_store>(const std::string& directory, base::clock& clock)>;

struct implementation {
  const char* name;
  store_factory open;
};
inline std::ostream& operator<<(std::ostream& out, const implementation& which) { return out << which.name; }
[[nodiscard]] std::vector<implementation> implementations();

// Time stands still until a test moves it.
class manual_clock final : public base::clock {
 public:
  base::epoch_ms wall() const noexcept override { return now_; }
  base::epoch_ms engine() const noexcept override { return now_; }
  void raise_engine(base::epoch_ms floor) noexcept override {
    if (now_ < floor) now_ = floor;
  }
  void advance(base::epoch_ms by) { now_ += by; }

 private:
  std::atomic<base::epoch_ms> now_{1'800'000'000'000};
};

// Lanes that keep what they are offered until a test takes it.
class recording_sink final : public store::delivery_sink {
 public:
  std::atomic<int> room{1'000'000};
  std::atomic<bool> may_start{true};  // false: as if all requests in flight hung

  bool reserve(model::endpoint_id, std::uint64_t, std::size_t) override {
    if (room <= 0) return false;
    --room;
    return true;
  }
  void release(model::endpoint_id, std::uint64_t, std::size_t) override { ++room; }
  void offer(std::vector<store::owed_delivery> deliveries) override {
    const std::lock_guard lock(mutex_);
    for (auto& each : deliveries) offered_.push_back(std::move(each));
    arrived_.notify_all();
  }
  void allow_sending(bool) override {}
  store::lane_load load(model::endpoint_id endpoint) override {
    const std::lock_guard lock(mutex_);
    const auto held = static_cast<std::size_t>(
        std::ranges::count_if(offered_, [endpoint](const auto& each) { return each.endpoint == endpoint; }));
    return {.held = held, .queued = held, .may_start = may_start};
  }

  // Waits for the next offered delivery. Fails the test if none comes.
  store::owed_delivery take() {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, std::chrono::seconds(20), [this] { return !offered_.empty(); })) {
      ADD_FAILURE() << "no delivery was offered";
      return {};
    }
    store::owed_delivery first = std::move(offered_.front());
    offered_.erase(offered_.begin());
    return first;
  }
  [[nodiscard]] std::size_t waiting() {
    const std::lock_guard lock(mutex_);
    return offered_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<store::owed_delivery> offered_;
};

class store_conformance : public testing::TestWithParam<implementation> {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::temp_directory_path() / ("posthorn-conformance-" + base::random_text(12));
    std::filesystem::create_directories(directory_);
    open();
    auto made = store_.config->create_deployment(store_.directory->current()->companies.begin()->first, "lending",
                                                 model::preset::assessment);
    ASSERT_TRUE(made) << made.error().detail;
    integration_ = made->test.value.number;
  }
  void TearDown() override {
    store_ = {};
    std::filesystem::remove_all(directory_);
  }

  void open() {
    sink_ = std::make_unique<recording_sink>();
    auto opened = GetParam().open(directory_.string(), clock_);
    ASSERT_TRUE(opened) << opened.error().detail;
    store_ = std::move(*opened);
    auto started = store_.start(*sink_);
    ASSERT_TRUE(started) << started.error().detail;
  }
  // As after a crash or stop: what lanes held in memory is gone.
  void reopen() {
    store_ = {};
    open();
  }

  model::endpoint_id endpoint(model::order_rule order, std::int32_t order_wait_s = 600) {
    model::endpoint wanted = model::endpoint_from_preset(model::preset::assessment);
    wanted.integration = integration_;
    wanted.url = "https://example.com/hook";
    wanted.order = order;
    wanted.order_wait_max_s = order_wait_s;
    auto made = store_.config->create_endpoint(wanted);
    EXPECT_TRUE(made) << made.error().detail;
    return made->id;
  }

  store::event_draft draft(std::vector<model::endpoint_id> targets, std::string uid = {}) {
    store::event_draft made;
    made.integration = integration_;
    made.type = "application.complete";
    made.uid_hash = uid.empty() ? 0 : std::hash<std::string>{}(uid) | 1;
    made.uid = std::move(uid);
    made.payload = R"({"n":1})";
    made.targets = std::move(targets);
    return made;
  }

  std::vector<store::accept_result> accept(std::vector<store::event_draft> drafts) {
    std::promise<std::vector<store::accept_result>> done;
    auto answer = done.get_future();
    store_.intake->accept(std::move(drafts),
                          [&](std::vector<store::accept_result> results) { done.set_value(std::move(results)); });
    return answer.get();
  }
  store::accepted_event accept_one(store::event_draft one) {
    std::vector<store::event_draft> drafts;
    drafts.push_back(std::move(one));
    auto results = accept(std::move(drafts));
    EXPECT_TRUE(results.at(0)) << results.at(0).error().detail;
    return *results.at(0);
  }

  store::attempt_report report(const store::owed_delivery& of, store::verdict decided, base::epoch_ms due = 0) {
    store::attempt_report made{.delivery = of.id,
                               .endpoint = of.endpoint,
                               .uid_hash = of.uid_hash,
                               .generation = of.generation,
                               .decided = decided,
                               .due = due,
                               .config_version = 1,
                               .evidence = {},
                               .lane_rests_until = 0,
                               .disable_reason = {}};
    made.evidence.number = of.attempts + 1;
    made.evidence.at = clock_.wall();
    made.evidence.status = decided == store::verdict::delivered ? 200 : 503;
    return made;
  }
  // Recorded for certain once this returns: a later unit of the same writer has committed.
  void record(store::attempt_report one) {
    std::vector<store::attempt_report> reports;
    reports.push_back(std::move(one));
    store_.log->record(std::move(reports));
    settle();
  }
  void settle() { EXPECT_TRUE(touch()); }
  // A unit of work that changes nothing.
  base::result<model::integration> touch() {
    return store_.config->update_integration(integration_,
                                             [](model::integration&) -> base::result<void> { return {}; });
  }

  model::delivery_state state_of(model::delivery_id id) {
    auto found = store_.queries->find_delivery(integration_, id);
    EXPECT_TRUE(found) << found.error().detail;
    return found ? found->state : model::delivery_state::cancelled;
  }

  manual_clock clock_;
  std::filesystem::path directory_;
  std::unique_ptr<recording_sink> sink_;
  opened_store store_;
  model::integration_no integration_ = 0;
};

}  // namespace posthorn::conformance
