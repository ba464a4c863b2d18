#include "model/traffic.hpp"

#include <algorithm>

namespace posthorn::model {
namespace {

constexpr double shortest_us = 250;
constexpr double growth = 1.1892071150027210667;  // a fourth of an octave

// The ranges' upper ends, which belong to them.
constexpr auto ends_us = [] {
  std::array<double, duration_ranges - 1> made{};
  double end = shortest_us;
  for (double& each : made) {
    each = end;
    end *= growth;
  }
  return made;
}();
static_assert(ends_us.back() > 65e6);

std::size_t range_of(double us) noexcept {
  return static_cast<std::size_t>(std::ranges::lower_bound(ends_us, us) - ends_us.begin());
}

}  // namespace

void traffic_count::note_attempt(std::int32_t took_us) noexcept {
  ++attempts;
  ++took[range_of(took_us)];
}

void traffic_count::add(const traffic_count& other) noexcept {
  attempts += other.attempts;
  delivered += other.delivered;
  failed += other.failed;
  for (std::size_t i = 0; i < took.size(); ++i) took[i] += other.took[i];
}

std::int64_t traffic_count::percentile_us(double part) const noexcept {
  if (attempts == 0) return 0;
  const double wanted = part * static_cast<double>(attempts);
  double before = 0;
  for (std::size_t i = 0; i < took.size(); ++i) {
    const auto here = static_cast<double>(took[i]);
    if (here == 0 || before + here < wanted) {
      before += here;
      continue;
    }
    // Spread evenly over the range; the open one has no end but its beginning.
    const double begin = i == 0 ? 0 : ends_us[i - 1];
    const double end = i < ends_us.size() ? ends_us[i] : begin;
    return static_cast<std::int64_t>(begin + (end - begin) * (wanted - before) / here);
  }
  return static_cast<std::int64_t>(ends_us.back());
}

}  // namespace posthorn::model
