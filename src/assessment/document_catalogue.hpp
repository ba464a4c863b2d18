// The questionnaires and scorecards that a server knows, by key and version: those that come with Posthorn, and its
// operator's (docs/scoring.md). Settings name them, and a session keeps the names that it began with.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "assessment/device_scorecard.hpp"
#include "assessment/questionnaire.hpp"
#include "assessment/scorecard.hpp"
#include "base/result.hpp"
#include "model/assessment_settings.hpp"

namespace posthorn::assessment {

struct named_text {
  std::string name;  // for faults: the file that it is from
  std::string text;
};

// Immutable once made; thread-safe. What it finds lives as long as it does.
class document_catalogue {
 public:
  // Posthorn's own alone.
  document_catalogue() = default;

  // And these, in any order: a document with "sections" is a questionnaire, one with "platform" a device's scorecard,
  // any other a scorecard, of a questionnaire among these or of Posthorn's own. invalid_configuration names the text
  // and each fault in it; two documents of one kind, key and version are a fault as well.
  [[nodiscard]] static base::result<document_catalogue> make(std::span<const named_text> documents);

  // Null: not known.
  [[nodiscard]] const questionnaire* find_questionnaire(const model::document_ref& named) const;
  [[nodiscard]] const scorecard* find_scorecard(const model::document_ref& named) const;
  // `of` is android or ios; "default" is the one that comes with Posthorn for it.
  [[nodiscard]] const device_scorecard* find_device_scorecard(const model::document_ref& named,
                                                              model::platform of) const;

  // Whether the settings' documents are known and fit each other and the platform.
  [[nodiscard]] bool knows_questionnaire(const model::assessment_settings& of) const;
  [[nodiscard]] bool knows_scorecard(const model::assessment_settings& of) const;

 private:
  using version_of = std::pair<std::string, std::int32_t>;  // key, version

  base::result<void> add_questionnaire(std::string_view text);
  base::result<void> add_scorecard(std::string_view text, const model::document_ref& questions);
  base::result<void> add_device_scorecard(std::string_view text);

  std::map<version_of, questionnaire> questionnaires_;
  std::map<version_of, scorecard> scorecards_;
  std::map<version_of, device_scorecard> device_scorecards_;
};

}  // namespace posthorn::assessment
