// The questionnaires and scorecards that this server knows, by key and version. Those found live as long as the
// program.
#pragma once

#include "assessment/device_scorecard.hpp"
#include "assessment/questionnaire.hpp"
#include "assessment/scorecard.hpp"
#include "model/assessment_settings.hpp"

namespace posthorn::assessment {

// Null: not known.
[[nodiscard]] const questionnaire* find_questionnaire(const model::document_ref& named);
[[nodiscard]] const scorecard* find_scorecard(const model::document_ref& named);
// `of` is android or ios.
[[nodiscard]] const device_scorecard* find_device_scorecard(const model::document_ref& named, model::platform of);

// Whether the settings' documents are known and fit each other and the platform.
[[nodiscard]] bool knows_questionnaire(const model::assessment_settings& of);
[[nodiscard]] bool knows_scorecard(const model::assessment_settings& of);

}  // namespace posthorn::assessment
