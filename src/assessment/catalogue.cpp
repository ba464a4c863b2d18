#include "assessment/catalogue.hpp"

namespace posthorn::assessment {
namespace {

using model::document_ref;

template <class Document>
bool is_named(const Document& one, const document_ref& named) {
  return one.key == named.key && one.version == named.version;
}

}  // namespace

const questionnaire* find_questionnaire(const document_ref& named) {
  const questionnaire& known = default_questionnaire();
  return is_named(known, named) ? &known : nullptr;
}

const scorecard* find_scorecard(const document_ref& named) {
  const scorecard& known = default_scorecard();
  return is_named(known, named) ? &known : nullptr;
}

const device_scorecard* find_device_scorecard(const document_ref& named, model::platform of) {
  const device_scorecard& known = default_device_scorecard(of);
  const bool by_default = named == document_ref{"default", known.version};
  return by_default || is_named(known, named) ? &known : nullptr;
}

bool knows_questionnaire(const model::assessment_settings& of) {
  return of.platform != model::platform::web || find_questionnaire(of.questionnaire) != nullptr;
}

bool knows_scorecard(const model::assessment_settings& of) {
  if (of.platform != model::platform::web) return find_device_scorecard(of.scorecard, of.platform) != nullptr;
  const scorecard* card = find_scorecard(of.scorecard);
  return card != nullptr && card->questionnaire_key == of.questionnaire.key &&
         card->questionnaire_version == of.questionnaire.version;
}

}  // namespace posthorn::assessment
