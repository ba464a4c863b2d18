#include "cli/dice.hpp"

#include <cmath>

namespace posthorn::cli {
namespace {

constexpr std::uint64_t step = 0x9e3779b97f4a7c15;

constexpr std::uint64_t mixed(std::uint64_t value) noexcept {
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111eb;
  return value ^ (value >> 31U);
}

}  // namespace

dice::dice(std::uint64_t seed, std::uint64_t stream) noexcept : state_(mixed(seed) ^ mixed(stream + step)) {}

std::uint64_t dice::next() noexcept { return mixed(state_ += step); }

double dice::unit() noexcept { return static_cast<double>(next() >> 11U) * 0x1p-53; }

std::int64_t dice::between(std::int64_t least, std::int64_t most) noexcept {
  return least + static_cast<std::int64_t>(std::floor(unit() * static_cast<double>(most - least + 1)));
}

// The sum of three uniforms has a variance of 1/4.
double dice::bell() noexcept { return 2 * (unit() + unit() + unit() - 1.5); }

}  // namespace posthorn::cli
