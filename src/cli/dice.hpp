// Chance that comes out the same for the same seed, on every machine (the distributions of <random> do not).
#pragma once

#include <cstdint>

namespace posthorn::cli {

// SplitMix64. Not for secrets. Not thread-safe.
class dice {
 public:
  // One sequence for each pair.
  dice(std::uint64_t seed, std::uint64_t stream) noexcept;

  std::uint64_t next() noexcept;
  double unit() noexcept;  // uniform in [0, 1)
  bool falls(double probability) noexcept { return unit() < probability; }
  std::int64_t between(std::int64_t least, std::int64_t most) noexcept;  // uniform, both included; least <= most
  double bell() noexcept;  // around 0 with a standard deviation of 1, within ±3

 private:
  std::uint64_t state_;
};

}  // namespace posthorn::cli
