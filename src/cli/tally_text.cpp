#include "cli/tally_text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

namespace posthorn::cli {
namespace {

constexpr std::size_t bar_cells_min = 6;
constexpr std::size_t bar_cells_max = 30;
constexpr std::size_t refusals_shown_max = 10;

double rate_of(const tally& of, const moment& now) {
  return now.ran_ms > 0 ? of.all() * 1'000.0 / static_cast<double>(now.ran_ms) : 0;
}

std::string duration_text(std::int64_t ms) {
  const std::int64_t s = (ms + 999) / 1'000;
  return s < 3'600 ? fmt::format("{}:{:02}", s / 60, s % 60)
                   : fmt::format("{}:{:02}:{:02}", s / 3'600, s / 60 % 60, s % 60);
}

std::string left_text(const tally& of, const moment& now) {
  if (of.all() == 0) return "-";
  const std::int64_t people_left = now.people - of.all();
  return duration_text(now.ran_ms * people_left / of.all());
}

std::string_view shown_name(ending which) {
  return which == ending::expired ? std::string_view("left") : to_string(which);
}

std::string outcomes_text(const tally& of) {
  std::string text;
  for (const ending each : endings) text += fmt::format(" {} {}", shown_name(each), of.of(each).ended);
  if (of.unplanned() > 0) text += fmt::format(" unplanned {}", of.unplanned());
  return text;
}

}  // namespace

// A narrow terminal loses the last outcomes first.
std::string bar_line(const tally& of, const moment& now, std::size_t columns) {
  const std::string text = fmt::format(" {}/{} {:.0f}/s ETA {}{}", of.all(), now.people, rate_of(of, now),
                                       left_text(of, now), outcomes_text(of));
  const std::size_t room = columns > text.size() + 2 ? columns - text.size() - 2 : 0;
  const std::size_t cells = std::clamp(room, bar_cells_min, bar_cells_max);
  const std::size_t full =
      cells * static_cast<std::size_t>(of.all()) / static_cast<std::size_t>(std::max(now.people, 1));
  return fmt::format("[{}{}]{}", std::string(full, '#'), std::string(cells - full, '.'), text).substr(0, columns);
}

std::string plain_line(const tally& of, const moment& now) {
  return fmt::format("{}/{} journeys after {}:{}, {:.0f}/s, {} to go", of.all(), now.people, duration_text(now.ran_ms),
                     outcomes_text(of), rate_of(of, now), left_text(of, now));
}

std::string table_text(const tally& of, const moment& now) {
  std::string text = fmt::format("{:<12}{:>9}{:>9}{:>12}\n", "outcome", "planned", "ended", "as planned");
  for (const ending each : endings) {
    const tally::counts& row = of.of(each);
    text += fmt::format("{:<12}{:>9}{:>9}{:>12}", to_string(each), row.planned, row.ended, row.as_planned);
    text += each == ending::expired && row.ended > 0 ? "  once their time limit passes\n" : "\n";
  }
  text += fmt::format("{} of {} journeys in {:.1f} s, {} requests, {} of them repeats\n", of.all(), now.people,
                      static_cast<double>(now.ran_ms) / 1'000, now.requests, now.repeated);
  if (of.unplanned() == 0) return text;
  text += fmt::format("{} went another way than planned:\n", of.unplanned());
  const auto refusals = of.refusals();
  for (std::size_t i = 0; i < std::min(refusals.size(), refusals_shown_max); ++i) {
    text += fmt::format("{:>8} x {}\n", refusals[i].second, refusals[i].first);
  }
  if (refusals.size() > refusals_shown_max) {
    text += fmt::format("{:>8} more kinds\n", refusals.size() - refusals_shown_max);
  }
  return text;
}

}  // namespace posthorn::cli
