// Who takes the simulated assessments: kinds of people, how each kind ends, and mixtures of them. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace posthorn::cli {

enum class habit : std::uint8_t {
  careful,          // reads, answers everything, now and then corrects an answer
  hasty,            // answers faster than anyone reads
  same_answer,      // gives the same choice all the way down
  distracted,       // keeps leaving the page
  bad_line,         // loses the connection: sends again, reloads, goes on
  two_devices,      // goes on with a second device halfway
  second_thoughts,  // leaves something out, and gives it once asked for it
  skipper,          // leaves something out, and submits all the same
  decliner,         // rejects the privacy policy
  quitter,          // exits
  leaver,           // closes the page and never comes back
};

// How a journey ends. Of a leaver: by the time limit, long after the simulation.
enum class ending : std::uint8_t { complete, incomplete, cancelled, expired };

[[nodiscard]] std::string_view to_string(habit value) noexcept;
[[nodiscard]] std::string_view to_string(ending value) noexcept;  // as a journey's "outcome" names it
[[nodiscard]] ending planned_by(habit value) noexcept;

struct share {
  habit of = habit::careful;
  int weight = 0;
};

struct profile {
  std::string_view name;
  std::string_view meaning;
  std::string_view platform;  // that the integration must have; "": any
  std::span<const share> shares;
};

[[nodiscard]] std::span<const profile> profiles() noexcept;
// Null for a name that is none.
[[nodiscard]] const profile* find_profile(std::string_view name) noexcept;

// Of the `place`-th person. Any run of neighbours is mixed nearly in proportion, so that a few people already show
// what a profile holds.
[[nodiscard]] habit habit_of(const profile& from, std::uint64_t seed, std::size_t place) noexcept;

}  // namespace posthorn::cli
