// What went out in a span of time, counted. Plain values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/clock.hpp"

namespace posthorn::model {

// Attempts by how long they took. The ranges grow by a fourth of an octave from 250 µs on, so a percentile read from
// them is off by 19 % at most; the last is open and begins at 65 s, more than any attempt may take.
inline constexpr std::size_t duration_ranges = 74;

struct traffic_count {
  std::uint64_t attempts = 0;
  std::uint64_t delivered = 0;  // deliveries that ended so
  std::uint64_t failed = 0;
  std::array<std::uint64_t, duration_ranges> took{};  // attempts; sums to `attempts`

  void note_attempt(std::int32_t took_us) noexcept;
  void add(const traffic_count& other) noexcept;
  // The time, in microseconds, that a part of the attempts (0 to 1) did not exceed; 0 where there were none.
  [[nodiscard]] std::int64_t percentile_us(double part) const noexcept;

  bool operator==(const traffic_count&) const = default;
};

// Counted three times over, the finer the shorter it is kept.
struct traffic_step {
  int seconds;
  int kept_s;
};
inline constexpr std::array<traffic_step, 3> traffic_steps{{{60, 2 * 3600}, {900, 26 * 3600}, {7200, 31 * 24 * 3600}}};

}  // namespace posthorn::model
