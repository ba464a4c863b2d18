// What a person gave on the page: choices, and how they were given. Pure values and their JSON forms.
//
// A page reports as it goes (a "report", any part of it may be missing):
//   {"answers": [{"item": "q01", "choice": 4, "time_ms": 2300}], "visit": "k3J…", "focus_lost": 1, "away_ms": 4000}
// choice: from 1. time_ms: from showing the item to this choice. visit: a name that the page chooses each time it is
// loaded; focus_lost and away_ms are totals of that visit. So a report that arrives twice counts once.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "assessment/questionnaire.hpp"
#include "base/result.hpp"
#include "model/session.hpp"

namespace posthorn::assessment {

// Item key → choice, 1 to the number of its scale's labels.
using answers = std::map<std::string, std::int32_t, std::less<>>;

struct item_behaviour {
  std::int64_t time_ms = 0;  // in all; 0: not measured
  std::int32_t changes = 0;  // times that the choice was another one than before
  bool operator==(const item_behaviour&) const = default;
};

struct visit_behaviour {
  std::int32_t focus_lost = 0;  // times that the page was left
  std::int64_t away_ms = 0;
  bool operator==(const visit_behaviour&) const = default;
};

struct behaviour {
  std::map<std::string, item_behaviour, std::less<>> items;
  std::map<std::string, visit_behaviour, std::less<>> visits;  // at most limits::page_visits_max; later ones: not kept
  bool operator==(const behaviour&) const = default;
};

struct answer_sheet {
  assessment::answers answers;
  assessment::behaviour behaviour;
  bool operator==(const answer_sheet&) const = default;
};

// Item keys and choices checked against `of`. malformed_json; else every place that breaks a rule, and nothing is
// taken. `into` grows by the report: the same choice again keeps the longer time, another one adds time and a change.
[[nodiscard]] base::result<void> take_report(answer_sheet& into, std::string_view report, const questionnaire& of);

// How much of what is required is answered.
[[nodiscard]] model::progress progress_of(const questionnaire& of, const answers& given);

// What is stored: write_sheet's text, read back equal. read_sheet takes nothing but such text (malformed_json,
// invalid_field).
[[nodiscard]] std::string write_sheet(const answer_sheet& sheet);
[[nodiscard]] base::result<answer_sheet> read_sheet(std::string_view text);

}  // namespace posthorn::assessment
