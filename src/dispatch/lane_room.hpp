// How many deliveries, and how many bytes of them, wait in memory: one counter per endpoint and one over all.
// The store's writer thread reserves, workers give back; both sides only touch atomics.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <unordered_map>

#include "base/limits.hpp"
#include "model/ids.hpp"

namespace posthorn::dispatch {

struct lane_room {
  explicit lane_room(model::endpoint_id of) : endpoint(of) {}
  const model::endpoint_id endpoint;
  std::atomic<std::size_t> held{0};  // reserved, queued or in flight
  std::atomic<bool> refused{false};  // the store was refused room since it was last told that there is some
};

class lane_rooms {
 public:
  // Writer thread. The room of an endpoint, made at its first use; it lives as long as this.
  [[nodiscard]] lane_room& of(model::endpoint_id endpoint);
  // Writer thread.
  [[nodiscard]] bool reserve(lane_room& room, std::size_t bytes) noexcept;
  // Thread: any. True: the lane has drained after a refusal, so the store is to be told.
  [[nodiscard]] bool give_back(lane_room& room, std::size_t bytes) noexcept;

  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

 private:
  std::unordered_map<model::endpoint_id, std::unique_ptr<lane_room>> rooms_;  // writer thread
  std::atomic<std::size_t> bytes_{0};
};

}  // namespace posthorn::dispatch
