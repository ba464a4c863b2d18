// The one rounding of all scores: to the nearest integer, a half goes up.
#pragma once

#include <cassert>
#include <cstdint>

namespace posthorn::assessment {

// part / whole, rounded half up. part is not negative, whole is positive.
[[nodiscard]] inline std::int32_t divide_rounded(std::int64_t part, std::int64_t whole) {
  assert(part >= 0 && whole > 0);
  return static_cast<std::int32_t>((2 * part + whole) / (2 * whole));
}

}  // namespace posthorn::assessment
