// How many deliveries, and how many bytes of them, wait in memory: counters per endpoint and over all.
// The store's writer thread reserves, workers give back; both sides only touch atomics.
//
// So that lanes which do not drain leave room for their neighbours, bytes are given in three ways:
// - the first delivery of a lane that holds nothing: while all lanes stay within lanes_queue_bytes_max;
// - up to lane_queue_bytes_min of one lane: while payload_bytes_ceiling of that stays free for the first kind;
// - beyond that: half of what is free of lanes_queue_bytes_shared_max, so that a lane alone has a third of it.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "dispatch/health_window.hpp"
#include "model/endpoint.hpp"
#include "model/ids.hpp"

namespace posthorn::dispatch {

struct lane_room {
  explicit lane_room(model::endpoint_id of) : endpoint(of) {}
  const model::endpoint_id endpoint;
  std::atomic<std::size_t> held{0};        // reserved, queued or in flight
  std::atomic<std::size_t> bytes{0};       // of them
  std::atomic<int> in_flight{0};           // slots of the lane's parts that are at work
  std::atomic<std::size_t> refused_at{0};  // held when the store was first refused since its last signal; 0: it was not
  std::atomic<base::epoch_ms> rests_until{0};  // engine time; for the lane's parts on all workers
  health_window health;
  std::atomic<std::int64_t> next_arrival_ns{0};  // policy/rate_limit.hpp's, by the steady clock; for all parts

  // Thread: any. 0: one request may go out now, and is counted; else the nanoseconds until one may.
  [[nodiscard]] std::int64_t claim(const model::rate_limit& limit, std::int64_t now_ns) noexcept;
  // Thread: any. A shorter rest does not end a longer one.
  void rest(base::epoch_ms until) noexcept;
};

class lane_rooms {
 public:
  // Writer thread. The room of an endpoint, made at its first use; it lives as long as this.
  [[nodiscard]] lane_room& of(model::endpoint_id endpoint);
  // Writer thread. Null: it was never used.
  [[nodiscard]] const lane_room* find(model::endpoint_id endpoint) const;
  // Writer thread.
  [[nodiscard]] bool reserve(lane_room& room, std::size_t bytes) noexcept;
  // Thread: any. True: the lane has drained to the half after a refusal, so the store is to be told. The signal may be
  // missed where both threads meet, or where nothing was held: the store asks again by itself.
  [[nodiscard]] bool give_back(lane_room& room, std::size_t bytes) noexcept;

  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

 private:
  std::unordered_map<model::endpoint_id, std::unique_ptr<lane_room>> rooms_;  // writer thread
  std::atomic<std::size_t> bytes_{0};
};

}  // namespace posthorn::dispatch
