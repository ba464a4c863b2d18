// The attempts of the last moments, for people who look on. Costs one relaxed load an attempt while nobody does.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "model/delivery.hpp"
#include "model/ids.hpp"

namespace posthorn::live {

struct seen_attempt {
  model::integration_no integration = 0;
  model::endpoint_id endpoint = 0;
  model::event_id event = 0;
  model::delivery_id delivery = 0;
  std::string type;
  std::string uid;
  base::epoch_ms at = 0;  // wall time of its start
  std::int32_t number = 0;
  std::int32_t status = 0;  // 0: no answer
  model::error_class error = model::error_class::none;
  std::int32_t took_us = 0;
  bool delivered = false;
};

// Thread-safe. Keeps the last `kept` attempts, and none while nobody looks on.
class tail {
 public:
  explicit tail(std::size_t kept = base::limits::live_attempts_kept) noexcept : kept_(kept) {}
  tail(const tail&) = delete;
  tail& operator=(const tail&) = delete;

  [[nodiscard]] bool is_watched() const noexcept { return watchers_.load(std::memory_order_relaxed) > 0; }
  void note(seen_attempt one);

  // Looks on for as long as it lives, at one integration. Used by one thread at a time.
  class watcher {
   public:
    watcher(tail& at, model::integration_no of);
    ~watcher();
    watcher(const watcher&) = delete;
    watcher& operator=(const watcher&) = delete;

    // What came since the last call, oldest first, and at most `limit`: of a flood the newest.
    [[nodiscard]] std::vector<seen_attempt> take(std::size_t limit);

   private:
    tail& at_;
    const model::integration_no of_;
    std::uint64_t next_;
  };

 private:
  const std::size_t kept_;
  std::atomic<int> watchers_{0};
  std::mutex mutex_;  // for the rest
  std::deque<seen_attempt> last_;
  std::uint64_t noted_ = 0;
};

}  // namespace posthorn::live
