// The thread behind the writer: fills index.db after the commits, and finds what retention may remove. It runs at a low
// priority and never holds a read open for longer than a batch.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "store/sqlite/index_writer.hpp"
#include "store/sqlite/retention.hpp"

namespace posthorn::store::sqlite {

class index_builder {
 public:
  struct options {
    std::string store_path, index_path;
    // Runs purge() in a transaction on the writer's thread and waits for it; called from the builder's thread. After
    // the writer has stopped it must return (an error). Empty: nothing is removed.
    std::function<base::result<purge_result>(const std::vector<model::event_id>&)> purge;
    const base::clock* clock = &base::system_clock();
    int wake_ms_min = base::limits::index_wake_ms_min;
    int retention_pass_ms = base::limits::retention_pass_ms;  // the first pass comes after as long
  };

  static base::result<std::unique_ptr<index_builder>> open(options how);
  index_builder(const index_builder&) = delete;
  index_builder& operator=(const index_builder&) = delete;
  ~index_builder();

  void start();
  // Ends after the batch or chunk at hand. Idempotent.
  void stop();

  // Thread: any; the writer calls it after each commit. No lock unless the builder sleeps.
  void note_committed(std::uint64_t events) noexcept;
  // A reader met damage in index.db: it is deleted and built again.
  void report_damage() noexcept;
  // Takes the events of a uid (index_file.hpp, uid_key) up to `up_to` out of the index, and waits until they are.
  // shutting_down after stop(). Thread: any but the builder's.
  base::result<void> forget_uid(std::int64_t uid_key, model::event_id up_to);
  // Begins a pass now.
  void request_retention_pass() noexcept;
  // Waits for the end of the first pass since start(). False: that was not within `timeout_ms`.
  [[nodiscard]] bool wait_for_retention_pass(int timeout_ms);

  // Thread: any.
  // Events committed and not yet in the index; exact once it has caught up for the first time,
  // before that at least 1.
  [[nodiscard]] std::uint64_t lag_events() const noexcept;
  // Everything up to it can be found by the index; 0 while it is being made anew.
  [[nodiscard]] model::event_id position() const noexcept { return position_.load(std::memory_order_acquire); }
  // Grows whenever index.db is another file than before: readers open it again.
  [[nodiscard]] std::uint64_t generation() const noexcept { return generation_.load(std::memory_order_acquire); }
  [[nodiscard]] std::uint64_t events_purged() const noexcept { return purged_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t retention_passes() const noexcept { return passes_.load(std::memory_order_relaxed); }
  // Waits until nothing is left to index. False: that was not within `timeout_ms`.
  [[nodiscard]] bool wait_until_caught_up(int timeout_ms);

 private:
  explicit index_builder(options how) : how_(std::move(how)) {}
  void run();
  void advance();
  void handle(const base::error& why);
  void step_retention();
  base::result<std::vector<model::event_id>> purge(std::vector<model::event_id> events);
  void serve_wishes();
  void rest();
  void wake() noexcept;

  const options how_;

  // Builder's thread only.
  std::unique_ptr<index_writer> writer_;
  std::unique_ptr<retention_pass> pass_;
  std::int64_t next_pass_us_ = 0;
  bool failing_ = false;
  bool trimming_ = false;

  // Written by any, read by any.
  std::atomic<std::uint64_t> committed_{0}, indexed_{0}, generation_{1}, purged_{0}, passes_{0};
  std::atomic<model::event_id> position_{0};
  std::atomic<bool> behind_{false};  // the last batch was full
  std::atomic<bool> damaged_{false}, pass_requested_{false}, sleeping_{false}, stopping_{false};

  struct wish {
    std::int64_t uid_key = 0;
    model::event_id up_to = 0;
    std::promise<base::result<void>> done;
  };

  std::mutex mutex_;  // for the next two lines only
  std::condition_variable woken_, caught_up_;
  std::vector<wish> wishes_;
  std::thread thread_;
};

}  // namespace posthorn::store::sqlite
