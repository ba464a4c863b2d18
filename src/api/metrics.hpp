// What the doors count, and the text of /metrics (Prometheus exposition format) made from that, from the store's gauges
// and from whatever else app adds. docs/metrics.md lists all of it, and a test compares the two.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/fault.hpp"
#include "base/histogram.hpp"
#include "store/health.hpp"

namespace posthorn::api {

inline constexpr std::array<std::int64_t, 9> latency_bounds_us{250,    500,    1'000,   2'500,    5'000,
                                                               10'000, 25'000, 100'000, 1'000'000};
inline constexpr std::size_t faults = static_cast<std::size_t>(base::fault::internal) + 1;

// Of one route on one thread: written there only, read by /metrics at any time.
struct route_counts {
  std::array<std::atomic<std::uint64_t>, 5> by_class{};  // 1xx … 5xx
  base::histogram<latency_bounds_us> took;

  void count(int status, std::int64_t took_us) noexcept;
};

// Of one thread.
struct request_meter {
  explicit request_meter(std::size_t places) : routes(places) {}
  std::vector<route_counts> routes;                             // by the route's place in the table
  std::array<std::atomic<std::uint64_t>, faults> unreadable{};  // refused before there was a request, by the fault
};

// One number that app adds, e.g. from dispatch. Counters end in "_total". Those of one name stand together.
struct reading {
  std::string name;  // without the prefix "posthorn_"
  std::string help;
  double value = 0;
  std::vector<std::pair<std::string, std::string>> labels = {};
};

struct distribution {
  std::string name;
  std::string help;
  base::tally counts;
  double unit = 1;  // of the tally, in the metric's own: 1e-6 for microseconds where the name says seconds
};

struct readings {
  std::vector<reading> numbers = {};
  std::vector<distribution> distributions = {};
};

// Thread-safe.
class metrics {
 public:
  using source = std::move_only_function<readings()>;

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
