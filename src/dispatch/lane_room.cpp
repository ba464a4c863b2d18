#include "dispatch/lane_room.hpp"

#include <algorithm>

#include "policy/rate_limit.hpp"

namespace posthorn::dispatch {

namespace limits = base::limits;

namespace {

bool fits(const lane_room& room, std::size_t of_all, std::size_t bytes) noexcept {
  const std::size_t all = of_all + bytes;
  const std::size_t own = room.bytes.load(std::memory_order_relaxed);
  if (room.held.load(std::memory_order_relaxed) == 0) return all <= limits::lanes_queue_bytes_max;
  if (own + bytes <= limits::lane_queue_bytes_min) {
    return all <= limits::lanes_queue_bytes_max - limits::payload_bytes_ceiling;
  }
  return 2 * own + all <= limits::lanes_queue_bytes_shared_max;
}

}  // namespace

void lane_room::rest(base::epoch_ms until) noexcept {
  base::epoch_ms known = rests_until.load(std::memory_order_relaxed);
  while (known < until && !rests_until.compare_exchange_weak(known, until, std::memory_order_relaxed)) {
  }
}

std::int64_t lane_room::claim(const model::rate_limit& limit, std::int64_t now_ns) noexcept {
  std::int64_t known = next_arrival_ns.load(std::memory_order_relaxed);
  for (;;) {
    const policy::rate_claim made = policy::claim(limit, known, now_ns);
    if (!made.granted) return made.wait_ns;
    if (next_arrival_ns.compare_exchange_weak(known, made.arrival_ns, std::memory_order_relaxed)) return 0;
  }
}

lane_room& lane_rooms::of(model::endpoint_id endpoint) {
  auto& room = rooms_[endpoint];
  if (!room) room = std::make_unique<lane_room>(endpoint);
  return *room;
}

const lane_room* lane_rooms::find(model::endpoint_id endpoint) const {
  const auto found = rooms_.find(endpoint);
  return found == rooms_.end() ? nullptr : found->second.get();
}

bool lane_rooms::reserve(lane_room& room, std::size_t bytes) noexcept {
  const std::size_t held = room.held.load(std::memory_order_relaxed);
  if (held >= limits::lane_queue_deliveries_max || !fits(room, bytes_.load(std::memory_order_relaxed), bytes)) {
    std::size_t none = 0;
    room.refused_at.compare_exchange_strong(none, std::max<std::size_t>(held, 1), std::memory_order_relaxed);
    return false;
  }
  room.held.fetch_add(1, std::memory_order_relaxed);
  room.bytes.fetch_add(bytes, std::memory_order_relaxed);
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  return true;
}

bool lane_rooms::give_back(lane_room& room, std::size_t bytes) noexcept {
  const std::size_t left = room.held.fetch_sub(1, std::memory_order_relaxed) - 1;
  room.bytes.fetch_sub(bytes, std::memory_order_relaxed);
  bytes_.fetch_sub(bytes, std::memory_order_relaxed);
  // A signal at the half keeps the lane busy while the store loads, and is one signal for many deliveries.
  const std::size_t refused_at = room.refused_at.load(std::memory_order_relaxed);
  if (refused_at == 0 || left > refused_at / 2) return false;
  return room.refused_at.exchange(0, std::memory_order_relaxed) != 0;
}

}  // namespace posthorn::dispatch
