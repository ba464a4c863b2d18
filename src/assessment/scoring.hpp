// From answers to a psychometric score: a pure function of its four arguments, in integers throughout, so that every
// number can be worked out by hand. docs/scoring.md tells the rules with worked examples; tests assert those.
#pragma once

#include <string_view>

#include "assessment/answers.hpp"
#include "assessment/questionnaire.hpp"
#include "assessment/scorecard.hpp"
#include "base/result.hpp"
#include "model/score.hpp"

namespace posthorn::assessment {

inline constexpr std::string_view flag_too_fast = "TOO_FAST";
inline constexpr std::string_view flag_straight_lining = "STRAIGHT_LINING";
inline constexpr std::string_view flag_contradictory = "CONTRADICTORY";
inline constexpr std::string_view flag_distracted = "DISTRACTED";

// `card` is one that was read for `of`. Fails with invalid_field, naming the item as /answers/KEY, for an answer to an
// item that `of` does not have or a choice beyond its scale; with missing_field for a required item without answer.
[[nodiscard]] base::result<model::psychometric_score> score_answers(const answers& given, const behaviour& seen,
                                                                    const questionnaire& of, const scorecard& card);

}  // namespace posthorn::assessment
