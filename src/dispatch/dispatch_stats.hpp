// What the dispatcher counts. Written by workers, read by anyone.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "base/histogram.hpp"
#include "model/delivery.hpp"

namespace posthorn::dispatch {

inline constexpr std::array<std::int64_t, 12> attempt_bounds_us{
    1'000, 2'000, 5'000, 10'000, 25'000, 50'000, 100'000, 250'000, 1'000'000, 5'000'000, 15'000'000, 30'000'000};
inline constexpr std::array<std::int64_t, 12> wait_bounds_ms{1,   2,   5,     10,     25,     50,
                                                             100, 250, 1'000, 10'000, 60'000, 600'000};
inline constexpr std::size_t error_classes = static_cast<std::size_t>(model::error_class::configuration) + 1;

// Of one worker, on cache lines of its own; written on its thread only.
struct alignas(64) worker_counts {
  std::atomic<std::uint64_t> attempts_succeeded{0}, attempts_refused{0};    // refused: an answer that is no success
  std::array<std::atomic<std::uint64_t>, error_classes> attempts_broken{};  // by error class
  base::histogram<attempt_bounds_us> took;
  base::histogram<wait_bounds_ms> waited;  // from accepted to the first attempt
};

// Of all workers, and of the store's writer thread.
struct dispatch_gauges {
  std::atomic<std::int64_t> in_flight{0}, queued{0};
};

struct dispatch_stats {
  std::uint64_t attempts_succeeded = 0, attempts_refused = 0;
  std::array<std::uint64_t, error_classes> attempts_broken{};
  base::tally took_us, waited_ms;
  std::int64_t in_flight = 0, queued = 0;
};

}  // namespace posthorn::dispatch
