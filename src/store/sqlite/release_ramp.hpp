// How fast an endpoint that is active again is sent what was parked: limits::release_burst at once, then
// release_per_s_min deliveries a second, doubled every second, up to release_per_s_max. A receiver that has just come
// back gets to show that it holds before all that waited falls on it. Pure.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.hpp"
#include "base/limits.hpp"

namespace posthorn::store::sqlite {

// How many may have gone out in all, `elapsed_ms` after the release began.
[[nodiscard]] constexpr std::int64_t released_by(base::epoch_ms elapsed_ms) noexcept {
  namespace limits = base::limits;
  std::int64_t total = limits::release_burst;
  std::int64_t per_s = limits::release_per_s_min;
  base::epoch_ms left_ms = std::max<base::epoch_ms>(elapsed_ms, 0);
  while (left_ms >= 1'000 && per_s < limits::release_per_s_max) {
    total += per_s;
    left_ms -= 1'000;
    per_s = std::min<std::int64_t>(per_s * 2, limits::release_per_s_max);
  }
  return total + per_s * left_ms / 1'000;
}

}  // namespace posthorn::store::sqlite
