#include "cli/profile.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "cli/dice.hpp"

namespace posthorn::cli {
namespace {

constexpr std::array mixture{
    share{habit::careful, 40},    share{habit::bad_line, 10},   share{habit::skipper, 8},
    share{habit::hasty, 7},       share{habit::two_devices, 6}, share{habit::decliner, 4},
    share{habit::same_answer, 5}, share{habit::quitter, 5},     share{habit::second_thoughts, 6},
    share{habit::leaver, 4},      share{habit::distracted, 5},
};

constexpr std::array finishing{
    share{habit::careful, 60},        share{habit::bad_line, 10},  share{habit::hasty, 8},
    share{habit::same_answer, 6},     share{habit::distracted, 6}, share{habit::two_devices, 5},
    share{habit::second_thoughts, 5},
};

constexpr std::array quitting{
    share{habit::skipper, 30},
    share{habit::quitter, 30},
    share{habit::decliner, 25},
    share{habit::leaver, 15},
};

constexpr std::array table{
    profile{"mixed", "most finish; some leave things out, refuse, exit or just leave", "", mixture},
    profile{"finishers", "everybody finishes, some of them carelessly", "", finishing},
    profile{"quitters", "nobody finishes", "", quitting},
    profile{"android", "as mixed, with the data of Android devices", "ANDROID", mixture},
    profile{"ios", "as mixed, with the data of iOS devices", "IOS", mixture},
};

constexpr double golden_ratio_part = 0.6180339887498949;

}  // namespace

std::string_view to_string(habit value) noexcept {
  switch (value) {
    case habit::careful: return "careful";
    case habit::hasty: return "hasty";
    case habit::same_answer: return "same_answer";
    case habit::distracted: return "distracted";
    case habit::bad_line: return "bad_line";
    case habit::two_devices: return "two_devices";
    case habit::second_thoughts: return "second_thoughts";
    case habit::skipper: return "skipper";
    case habit::decliner: return "decliner";
    case habit::quitter: return "quitter";
    case habit::leaver: return "leaver";
  }
  std::abort();
}

std::string_view to_string(ending value) noexcept {
  switch (value) {
    case ending::complete: return "complete";
    case ending::incomplete: return "incomplete";
    case ending::cancelled: return "cancelled";
    case ending::expired: return "expired";
  }
  std::abort();
}

ending planned_by(habit value) noexcept {
  switch (value) {
    case habit::skipper: return ending::incomplete;
    case habit::decliner:
    case habit::quitter: return ending::cancelled;
    case habit::leaver: return ending::expired;
    default: return ending::complete;
  }
}

std::span<const profile> profiles() noexcept { return table; }

const profile* find_profile(std::string_view name) noexcept {
  const auto* found = std::ranges::find(table, name, &profile::name);
  return found == table.end() ? nullptr : found;
}

// Multiples of the golden ratio spread evenly over [0, 1), however many are taken.
habit habit_of(const profile& from, std::uint64_t seed, std::size_t place) noexcept {
  int weights = 0;
  for (const share& each : from.shares) weights += each.weight;
  double whole = 0;
  const double at = std::modf(dice(seed, 0).unit() + static_cast<double>(place) * golden_ratio_part, &whole);
  double left = at * weights;
  for (const share& each : from.shares) {
    left -= each.weight;
    if (left < 0) return each.of;
  }
  return from.shares.back().of;
}

}  // namespace posthorn::cli
