// What the dispatcher counts. Written by workers, read by anyone.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "model/delivery.hpp"

namespace posthorn::dispatch {

// Upper bounds of the attempt latency buckets, milliseconds; the last one is open.
inline constexpr std::array<std::int64_t, 11> latency_bounds_ms{1, 2, 5, 10, 25, 50, 100, 250, 1'000, 5'000, 30'000};
inline constexpr std::size_t error_classes = static_cast<std::size_t>(model::error_class::configuration) + 1;

struct dispatch_counters {
  std::atomic<std::uint64_t> attempts_succeeded{0}, attempts_refused{0};    // refused: an answer that is no success
  std::array<std::atomic<std::uint64_t>, error_classes> attempts_broken{};  // by error class
  std::array<std::atomic<std::uint64_t>, latency_bounds_ms.size() + 1> latency{};
  std::atomic<std::int64_t> in_flight{0}, queued{0};
};

struct dispatch_stats {
  std::uint64_t attempts_succeeded = 0, attempts_refused = 0;
  std::array<std::uint64_t, error_classes> attempts_broken{};
  std::array<std::uint64_t, latency_bounds_ms.size() + 1> latency{};
  std::int64_t in_flight = 0, queued = 0;
};

}  // namespace posthorn::dispatch
