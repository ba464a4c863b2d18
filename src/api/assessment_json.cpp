#include "api/assessment_json.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

#include "api/text_forms.hpp"
#include "assessment/answers.hpp"
#include "assessment/document_catalogue.hpp"
#include "assessment/event_details.hpp"
#include "assessment/questionnaire_page.hpp"
#include "base/id.hpp"
#include "base/json.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
using model::session_state;

json::object to_json(const model::document_ref& of) { return {{"key", of.key}, {"version", of.version}}; }

json::object given_answers(const store::session_record& of) {
  json::object choices;
  if (of.given.empty()) return choices;
  const auto sheet = assessment::read_sheet(of.given);
  if (!sheet) return choices;
  for (const auto& [item, choice] : sheet->answers) choices[item] = choice;
  return choices;
}

json::object requirements(const assessment::device_scorecard& card) {
  json::array permissions, features;
  for (const assessment::permission_rule& rule : card.permissions) {
    if (rule.required) permissions.emplace_back(rule.key);
  }
  for (const assessment::feature_rule& rule : card.features) {
    if (rule.required) features.emplace_back(rule.key);
  }
  return {{"permissions", std::move(permissions)}, {"features", std::move(features)}};
}

json::value scoring_json(const store::session_record& of) {
  if (of.value.state != session_state::complete) return nullptr;
  const store::external_scoring& how = of.scoring;
  return json::object{{"state", how.due_at > 0 ? "waiting" : "failed"},
                      {"tries", how.tries},
                      {"last_error", text_or_null(how.last_error)},
                      {"next_try_at", time_or_null(how.due_at)}};
}

}  // namespace

json::object to_json(const store::session_record& of) {
  const model::session& one = of.value;
  return {{"id", base::format_id(base::session_prefix, one.id)},
          {"uid", one.uid},
          {"platform", model::to_string(one.platform)},
          {"state", model::to_string(one.state)},
          {"created_at", base::to_rfc3339(one.created_at)},
          {"expires_at", base::to_rfc3339(one.expires_at)},
          {"opened_at", time_or_null(one.opened_at)},
          {"consented_at", time_or_null(one.consented_at)},
          {"last_response_at", time_or_null(one.last_response_at)},
          {"ended_at", time_or_null(one.ended_at)},
          {"scored_at", time_or_null(one.scored_at)},
          {"progress", {{"done", one.made.done}, {"required", one.made.required}}},
          {"percentage_completed", assessment::percentage_text(one.made)},
          {"reasons", json::value_from(one.end_reasons)},
          {"questionnaire", one.platform == model::platform::web ? json::value(to_json(of.questionnaire)) : nullptr},
          {"scorecard", to_json(of.scorecard)},
          {"scoring", scoring_json(of)},
          {"score", of.score.empty() ? json::value() : base::own_json(of.score)}};
}

std::string_view outcome_of(const model::session& of) noexcept {
  if (model::is_live(of.state)) return {};
  return of.state == session_state::scored ? model::to_string(session_state::complete) : model::to_string(of.state);
}

std::string redirect_url(const model::assessment_settings& settings, const model::session& of) {
  std::string to;
  switch (of.state) {
    case session_state::complete:
    case session_state::scored: to = settings.redirects.complete; break;
    case session_state::incomplete: to = settings.redirects.incomplete; break;
    case session_state::cancelled: to = settings.redirects.cancelled; break;
    case session_state::expired: to = settings.redirects.expired; break;
    case session_state::created:
    case session_state::consented:
    case session_state::in_progress: break;
  }
  if (to.empty()) return to;
  // Neither has a character that would have to be escaped.
  to += to.find('?') == std::string::npos ? '?' : '&';
  return to + "uid=" + of.uid + "&outcome=" + std::string(outcome_of(of));
}

json::object branding_json(const model::assessment_settings& settings) {
  return {{"name", settings.branding.name},
          {"logo_url", text_or_null(settings.branding.logo_url)},
          {"colour", text_or_null(settings.branding.colour)}};
}

std::string ending_members(const store::integration_entry& in, const model::session& of) {
  const model::assessment_settings& settings = in.value.assessment;
  return R"(,"outcome":)" + json::serialize(text_or_null(outcome_of(of))) + R"(,"redirect_url":)" +
         json::serialize(text_or_null(redirect_url(settings, of))) + R"(,"branding":)" +
         json::serialize(branding_json(settings));
}

json::object journey_json(const store::integration_entry& in, const model::session& of, base::epoch_ms now) {
  const model::assessment_settings& settings = in.value.assessment;
  const bool live = model::is_live(of.state);
  return {{"session_id", base::format_id(base::session_prefix, of.id)},
          {"uid", of.uid},
          {"state", model::to_string(of.state)},
          {"platform", model::to_string(of.platform)},
          {"environment", model::to_string(in.value.env)},
          {"server_time", base::to_rfc3339(now)},
          {"expires_at", base::to_rfc3339(of.expires_at)},
          {"remaining_ms", live ? std::max<base::epoch_ms>(0, of.expires_at - now) : 0},
          {"progress", {{"done", of.made.done}, {"required", of.made.required}}},
          {"branding", branding_json(settings)},
          {"privacy_policy_url", text_or_null(settings.privacy_policy_url)},
          {"outcome", text_or_null(outcome_of(of))},
          {"redirect_url", text_or_null(redirect_url(settings, of))}};
}

void add_content(json::object& into, const store::session_record& of, const assessment::document_catalogue& known) {
  const bool live = model::is_live(of.value.state);
  into["questionnaire"] = nullptr;
  into["answers"] = json::object();
  into["device_requirements"] = nullptr;
  if (of.value.platform == model::platform::web) {
    const auto* questions = known.find_questionnaire(of.questionnaire);
    if (live && questions != nullptr) into["questionnaire"] = base::own_json(assessment::page_json(*questions));
    into["answers"] = given_answers(of);
  } else if (const auto* card = known.find_device_scorecard(of.scorecard, of.value.platform)) {
    into["device_requirements"] = requirements(*card);
  }
}

}  // namespace posthorn::api
