// A dispatcher with real workers on real threads, between a store and a clock that the test plays.
// Receivers are declared after the fixture: they go first, which ends what they hold.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <future>
#include <map>
#include <mutex>
#include <span>
#include <thread>

#include "dispatch/dispatcher.hpp"
#include "unit/dispatch/scripted_receiver.hpp"

namespace posthorn::dispatch {

class set_clock final : public base::clock {
 public:
  [[nodiscard]] base::epoch_ms wall() const noexcept override { return wall_; }
  [[nodiscard]] base::epoch_ms engine() const noexcept override { return engine_; }
  void raise_engine(base::epoch_ms) noexcept override {}
  void advance(base::epoch_ms by) {
    wall_ += by;
    engine_ += by;
  }

 private:
  // Apart, so that a mix-up shows.
  std::atomic<base::epoch_ms> wall_{1'768'473'000'123}, engine_{2'000'000'000'000};
};

class set_directory final : public store::directory_source {
 public:
  [[nodiscard]] store::shared_directory current() const override;
  [[nodiscard]] std::uint64_t version() const noexcept override { return version_; }

  void put(const model::endpoint& endpoint) { put({&endpoint, 1}); }
  void put(std::span<const model::endpoint> endpoints);
  void remove(model::endpoint_id id);
  void put_keys(std::vector<model::api_key> keys);

 private:
  template <class Change>
  void change(Change apply);

  mutable std::mutex mutex_;
  store::shared_directory current_ = std::make_shared<store::directory>();
  std::atomic<std::uint64_t> version_{0};
};

class recording_log final : public store::delivery_log {
 public:
  void record(std::vector<store::attempt_report> reports) override;
  void lane_has_room(model::endpoint_id endpoint) override;

  // What was reported of an endpoint, in order, once it is at least `count`.
  [[nodiscard]] std::vector<store::attempt_report> await_reports(model::endpoint_id of, std::size_t count) const;
  [[nodiscard]] store::attempt_report await_one(model::endpoint_id of) const { return await_reports(of, 1).front(); }
  void await_room(model::endpoint_id of) const;

  [[nodiscard]] std::size_t reports(model::endpoint_id of) const;
  [[nodiscard]] std::size_t room_signals(model::endpoint_id of) const;
  // The most reports that came in one call.
  [[nodiscard]] std::size_t largest_hand_over() const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::map<model::endpoint_id, std::vector<store::attempt_report>> reports_;
  std::map<model::endpoint_id, std::size_t> room_signals_;
  std::size_t largest_hand_over_ = 0;
};

class dispatch_fixture {
 public:
  static constexpr const char* api_key = "ph_test_0123456789abcdef";
  static constexpr const char* payload = R"({"uid":"user-0001","event":{"type":"application.complete"}})";

  explicit dispatch_fixture(std::size_t workers = 2);
  ~dispatch_fixture();

  // Puts an endpoint of the preset into the directory; `adjust` it first.
  model::endpoint add_endpoint(const std::string& url, model::preset preset = model::preset::assessment,
                               const std::function<void(model::endpoint&)>& adjust = {});

  // `count` alike, in one change of the directory.
  std::vector<model::endpoint> add_endpoints(const std::string& url, std::size_t count);

  // A delivery with an id of its own, spread over the lane's parts.
  [[nodiscard]] store::owed_delivery owe(model::endpoint_id to, std::string body = payload);
  // Reserves room and offers, as the store's writer does.
  void offer(std::vector<store::owed_delivery> deliveries);
  void offer(model::endpoint_id to, std::size_t count);

  // Returns when the workers have done what they were asked to before, up to the first wait of each attempt.
  void settle();
  // Ready once the dispatcher has called back.
  [[nodiscard]] std::future<void> begin_stop();
  // As when the stop's deadline passes: the threads end and the dispatcher goes, whatever is out.
  void abandon();

  set_clock clock;
  set_directory directory;
  recording_log log;

 private:
  model::endpoint make_endpoint(const std::string& url, model::preset preset);

  net::address_guard guard_{net::address_rules{.allow_private = true, .deny = {}, .allow = {}}};
  std::vector<std::unique_ptr<boost::asio::io_context>> io_;
  std::vector<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;

 public:
  std::unique_ptr<dispatcher> dispatch;

 private:
  std::vector<std::thread> threads_;
  model::endpoint_id last_endpoint_ = 100;
  std::int64_t last_event_ = 1'000'000;
  bool stop_begun_ = false;
};

}  // namespace posthorn::dispatch
