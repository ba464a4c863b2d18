// The last window_s of an endpoint's attempts, shared by the parts of its lane on all workers. A success costs two
// loads and an addition, all relaxed; only failures take a lock.
//
// The window is a ring of parts, each a twelfth of it; the part that has just begun and the eleven before it count.
// A part is one number, so that it begins anew without a lock: number:u32 count:u32 (number = time / part's width).
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>

#include "base/limits.hpp"
#include "policy/endpoint_health.hpp"

namespace posthorn::dispatch {

class health_window {
 public:
  // Thread: any. `state_version` is that of the endpoint as the attempt knew it: a newer one begins the window anew, an
  // attempt of an older one is not counted. `now` is engine time.
  void note_success(std::int32_t state_version, std::int32_t window_s, base::epoch_ms now) noexcept;
  // What the window holds, this failure included.
  [[nodiscard]] policy::window_counts note_failure(std::int32_t state_version, std::int32_t window_s,
                                                   base::epoch_ms now, model::delivery_id delivery);

  // Thread: any. The breaker has opened under this state: nothing more is sent under it, although the store's own word
  // is still on its way.
  void hold(std::int32_t state_version) noexcept { held_under_.store(state_version, std::memory_order_relaxed); }
  [[nodiscard]] bool holds(std::int32_t state_version) const noexcept {
    return held_under_.load(std::memory_order_relaxed) == state_version;
  }

 private:
  static constexpr std::uint32_t parts = 12;
  using ring = std::array<std::atomic<std::uint64_t>, parts>;
  struct failing_delivery {
    model::delivery_id id = 0;
    base::epoch_ms at = 0;
  };

  [[nodiscard]] bool begin(std::int32_t state_version) noexcept;
  static void add(ring& to, std::uint32_t part) noexcept;
  [[nodiscard]] static std::int64_t sum(const ring& of, std::uint32_t part) noexcept;

  std::atomic<std::int32_t> state_version_{-1};
  std::atomic<std::int32_t> held_under_{-1};
  ring successes_{};
  ring failures_{};
  std::mutex mutex_;  // for the next lines
  std::int32_t failing_under_ = -1;
  std::array<failing_delivery, base::limits::breaker_deliveries_min> failing_{};  // those that failed last
};

}  // namespace posthorn::dispatch
