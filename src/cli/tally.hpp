// How simulated journeys ended, against how they were to end. Plain values; nothing here reads a clock.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/profile.hpp"

namespace posthorn::cli {

struct journey_result {
  std::string uid;
  std::string platform;  // "" if not even that was learned
  habit who = habit::careful;
  ending planned = ending::complete;
  std::optional<ending> ended;  // a leaver's: expired, as its time limit will have it; none: it did not get to an end
  std::string refusal;          // what kept it from its end; "" for nothing

  [[nodiscard]] bool as_planned() const noexcept { return ended == planned && refusal.empty(); }
};

inline constexpr std::array endings{ending::complete, ending::incomplete, ending::cancelled, ending::expired};

// Not thread-safe.
class tally {
 public:
  struct counts {
    int planned = 0;
    int ended = 0;
    int as_planned = 0;
  };

  void add(const journey_result& one);

  [[nodiscard]] const counts& of(ending which) const { return by_ending_[static_cast<std::size_t>(which)]; }
  [[nodiscard]] int all() const noexcept { return all_; }
  [[nodiscard]] int unplanned() const noexcept { return unplanned_; }
  // What the refusals say, and how often; most frequent first.
  [[nodiscard]] std::vector<std::pair<std::string, int>> refusals() const;

 private:
  std::array<counts, endings.size()> by_ending_{};
  std::map<std::string, int, std::less<>> refusals_;
  int all_ = 0;
  int unplanned_ = 0;
};

// The webhook types that a journey's end makes, in the order of their delivery; none if it did not get to an end.
[[nodiscard]] std::vector<std::string> event_types_of(const journey_result& one);

// {"profile","seed","people":[{"uid","habit","platform","expected","ended","as_planned","events","refusal"}]}
[[nodiscard]] std::string to_json(const std::vector<journey_result>& all, std::string_view profile, std::uint64_t seed);

}  // namespace posthorn::cli
