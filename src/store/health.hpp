// Whether the store can make things durable, and its gauges. Thread: any.
#pragma once

#include <cstdint>
#include <string>

#include "base/histogram.hpp"

namespace posthorn::store {

struct health_report {
  bool can_accept = true;  // false: producers get 503; `reason` says why
  bool can_record = true;  // false: nothing may be sent either
  std::string reason;
};

// Counters since start and gauges of now.
struct store_stats {
  std::uint64_t events_accepted = 0;
  base::tally commit_us = {};     // time in COMMIT, fsync included
  base::tally commit_items = {};  // events and reports of one group
  std::uint64_t deliveries_delivered = 0;
  std::uint64_t deliveries_failed = 0;
  std::uint64_t retries_planned = 0;
  std::uint64_t pending_rows = 0;
  std::uint64_t direct_outstanding = 0;  // in lanes without a pending row
  std::uint64_t index_lag_events = 0;
  std::uint64_t parked_rows = 0;   // of pending_rows: their endpoint is not active
  std::uint64_t deepest_lane = 0;  // deliveries of the lane that has the most in memory
  std::int64_t oldest_due_ms = 0;  // how long the oldest due, sendable delivery has waited; 0: none
  // Of the lane that has stood still for longest although it has something due and room to send it; 0: none has.
  std::int64_t stalled_ms = 0;
  std::int64_t since_turn_ms = 0;  // since the writer's last turn; it makes one a second, if only to look around
};

class health_source {
 public:
  virtual ~health_source() = default;
  [[nodiscard]] virtual health_report health() const = 0;
  [[nodiscard]] virtual store_stats stats() const = 0;
};

}  // namespace posthorn::store
