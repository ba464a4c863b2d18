// How often a measure was how large. One thread writes, any reads at any time: no lock, no allocation, and no
// read-modify-write, which a single writer does not need.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace posthorn::base {

// Single writer.
inline void count_up(std::atomic<std::uint64_t>& counter, std::uint64_t by = 1) noexcept {
  counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

// What one or several histograms had counted at some moment.
struct tally {
  std::span<const std::int64_t> bounds = {};  // the buckets' upper ends, which belong to them; one more is open
  std::vector<std::uint64_t> counts = {};     // a bucket each, not cumulative; empty: nothing was added yet
  std::uint64_t sum = 0;
};

// `bounds`: a constant array of std::int64_t, ascending.
template <const auto& bounds>
class histogram {
 public:
  // Negative measures count as 0.
  void note(std::int64_t measure) noexcept {
    std::size_t bucket = 0;
    while (bucket < bounds.size() && measure > bounds[bucket]) ++bucket;
    count_up(counts_[bucket]);
    if (measure > 0) count_up(sum_, static_cast<std::uint64_t>(measure));
  }

  void add_to(tally& all) const {
    all.bounds = bounds;
    all.counts.resize(counts_.size());
    for (std::size_t i = 0; i < counts_.size(); ++i) all.counts[i] += counts_[i].load(std::memory_order_relaxed);
    all.sum += sum_.load(std::memory_order_relaxed);
  }

 private:
  std::array<std::atomic<std::uint64_t>, bounds.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_{0};
};

}  // namespace posthorn::base
