// Whether the store can make things durable, and its gauges. Thread: any.
#pragma once

#include <cstdint>
#include <string>

namespace posthorn::store {

struct health_report {
  bool can_accept = true;  // false: producers get 503; `reason` says why
  bool can_record = true;  // false: nothing may be sent either
  std::string reason;
};

// Counters since start and gauges of now.
struct store_stats {
  std::uint64_t events_accepted = 0;
  std::uint64_t commits = 0;
  std::uint64_t commit_us_total = 0;      // time in COMMIT, fsync included
  std::uint64_t commit_events_total = 0;  // events and reports over all groups
  std::uint64_t deliveries_delivered = 0;
  std::uint64_t deliveries_failed = 0;
  std::uint64_t retries_planned = 0;
  std::uint64_t pending_rows = 0;
  std::uint64_t direct_outstanding = 0;  // in lanes without a pending row
  std::uint64_t index_lag_events = 0;
  std::int64_t oldest_due_ms = 0;  // how long the oldest due, sendable delivery has waited; 0: none
};

class health_source {
 public:
  virtual ~health_source() = default;
  [[nodiscard]] virtual health_report health() const = 0;
  [[nodiscard]] virtual store_stats stats() const = 0;
};

}  // namespace posthorn::store
