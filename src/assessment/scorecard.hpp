// A scorecard: how the answers to one version of a questionnaire become traits, score, bands, confidence and flags.
// Read from JSON (data/scorecard.schema.json; docs/scoring.md), never changed afterwards: a change is a new version.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "assessment/bands.hpp"
#include "assessment/questionnaire.hpp"
#include "base/result.hpp"

namespace posthorn::assessment {

struct trait_rule {
  std::int32_t weight = 0;  // 0: reported only
  bool adverse = false;     // more of the trait lowers the score
  band_list bands;
};

// Two items of one trait that a person should answer alike, reverse keys considered; places in the questionnaire.
struct item_pair {
  std::size_t first = 0;
  std::size_t second = 0;
};

// Points that make a score less sure, by what was seen.
struct doubt_points {
  std::int32_t too_fast = 0;
  std::int32_t straight_lining = 0;
  std::int32_t contradictory = 0;
  std::int32_t distracted = 0;
  std::int32_t often_changed = 0;
  std::int32_t untimed = 0;  // fewer than half of the answers were timed
};

struct quality_rules {
  std::int32_t fast_answer_ms = 0;  // an answer given in less was not read
  std::int32_t fast_percent = 0;    // of the timed answers, from which on the whole is too fast
  std::int32_t straight_run = 0;    // equal choices in a row, from which on they are one
  std::vector<item_pair> pairs;
  std::int32_t contradiction_gap = 0;    // between the two of a pair, of 100
  std::int32_t contradictory_pairs = 0;  // from which on the whole is contradictory
  std::int32_t focus_lost = 0;           // times, or
  std::int64_t away_ms = 0;              // in all: from either on, distracted
  std::int32_t changed_percent = 0;      // of the answers
  doubt_points doubt;
  std::int32_t medium_from = 0;  // points from which on confidence is no longer HIGH
  std::int32_t low_from = 0;     // and no longer MEDIUM
};

struct scorecard {
  std::string key;
  std::int32_t version = 1;
  std::string description;
  std::string questionnaire_key;
  std::int32_t questionnaire_version = 1;
  std::vector<trait_rule> traits;  // in the questionnaire's order
  band_list bands;                 // of the score
  quality_rules quality;
};

// As read_document; besides: it names this questionnaire and version, has exactly one rule for each of its traits and
// at least one weight above 0, bands ascend to 100, pairs name two different items of one trait, low_from is not below
// medium_from.
[[nodiscard]] base::result<scorecard> read_scorecard(std::string_view text, const questionnaire& of);

// For the default questionnaire, and its text: an uncalibrated example.
[[nodiscard]] const scorecard& default_scorecard();
[[nodiscard]] std::string_view default_scorecard_text() noexcept;

}  // namespace posthorn::assessment
