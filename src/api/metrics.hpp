// Counters of the door, kept a thread, and the text of /metrics (Prometheus exposition format) made from them, from the
// store's gauges and from whatever else app adds.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "store/health.hpp"

namespace posthorn::api {

inline constexpr std::array latency_bounds_us = {250, 500, 1'000, 2'500, 5'000, 10'000, 25'000, 100'000, 1'000'000};

// Of one route on one thread: written there only, read by /metrics at any time.
struct route_counts {
  std::array<std::atomic<std::uint64_t>, 5> by_class{};  // 1xx … 5xx
  std::array<std::atomic<std::uint64_t>, latency_bounds_us.size() + 1> by_latency{};
  std::atomic<std::uint64_t> us_total = 0;

  void count(int status, std::int64_t took_us) noexcept;
};
using request_meter = std::vector<route_counts>;  // by the route's place in the table

// One number that app adds, e.g. from dispatch. Counters end in "_total".
struct reading {
  std::string name;  // without the prefix "posthorn_"
  std::string help;
  double value = 0;
};

// Thread-safe.
class metrics {
 public:
  using source = std::move_only_function<std::vector<reading>()>;

  // A meter of the caller's own, which lives as long as this.
  [[nodiscard]] request_meter& new_meter();
  // Called at every scrape, on a thread that may not block long.
  void add_source(source more);

  [[nodiscard]] std::string text(const store::health_source& health);

 private:
  std::mutex guard_;
  std::deque<request_meter> meters_;
  std::vector<source> sources_;
};

}  // namespace posthorn::api
