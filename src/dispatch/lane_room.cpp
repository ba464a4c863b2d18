#include "dispatch/lane_room.hpp"

namespace posthorn::dispatch {

namespace limits = base::limits;

lane_room& lane_rooms::of(model::endpoint_id endpoint) {
  auto& room = rooms_[endpoint];
  if (!room) room = std::make_unique<lane_room>(endpoint);
  return *room;
}

bool lane_rooms::reserve(lane_room& room, std::size_t bytes) noexcept {
  if (room.held.load(std::memory_order_relaxed) >= limits::lane_queue_deliveries_max ||
      bytes_.load(std::memory_order_relaxed) + bytes > limits::lanes_queue_bytes_max) {
    room.refused.store(true, std::memory_order_release);
    return false;
  }
  room.held.fetch_add(1, std::memory_order_relaxed);
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  return true;
}

bool lane_rooms::give_back(lane_room& room, std::size_t bytes) noexcept {
  const std::size_t left = room.held.fetch_sub(1, std::memory_order_relaxed) - 1;
  bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  // A signal at the half keeps the lane busy while the store loads, and is one signal for many deliveries.
  if (left >= limits::lane_queue_deliveries_max / 2 || !room.refused.load(std::memory_order_acquire)) return false;
  return room.refused.exchange(false, std::memory_order_acq_rel);
}

}  // namespace posthorn::dispatch
