#include "store/sqlite/assessment_json.hpp"

#include <boost/json.hpp>
#include <stdexcept>

#include "base/json.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace json = boost::json;

json::object reference(const model::document_ref& to) { return {{"key", to.key}, {"version", to.version}}; }

// Readers throw on what is of another kind; read_assessment turns that into its one error.
void take(std::string& into, const json::object& from, std::string_view name) {
  if (const auto* found = from.if_contains(name)) into = std::string(found->as_string());
}

void take(std::int32_t& into, const json::object& from, std::string_view name) {
  if (const auto* found = from.if_contains(name)) into = found->to_number<std::int32_t>();
}

void take(model::document_ref& into, const json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  if (found == nullptr) return;
  take(into.key, found->as_object(), "key");
  take(into.version, found->as_object(), "version");
}

model::assessment_settings read_or_throw(const json::object& from) {
  model::assessment_settings made;
  std::string platform(model::to_string(made.platform));
  take(platform, from, "platform");
  const auto known = model::platform_from(platform);
  if (!known) throw std::invalid_argument("unknown platform " + platform);
  made.platform = *known;
  take(made.use_case, from, "use_case");
  take(made.time_limit_s, from, "time_limit_s");
  if (const auto* redirects = from.if_contains("redirects")) {
    const json::object& to = redirects->as_object();
    take(made.redirects.complete, to, "complete");
    take(made.redirects.incomplete, to, "incomplete");
    take(made.redirects.cancelled, to, "cancelled");
    take(made.redirects.expired, to, "expired");
  }
  if (const auto* branding = from.if_contains("branding")) {
    take(made.branding.name, branding->as_object(), "name");
    take(made.branding.logo_url, branding->as_object(), "logo_url");
    take(made.branding.colour, branding->as_object(), "colour");
  }
  take(made.privacy_policy_url, from, "privacy_policy_url");
  take(made.questionnaire, from, "questionnaire");
  take(made.scorecard, from, "scorecard");
  if (const auto* scorer = from.if_contains("scorer")) {
    made.scorer.emplace();
    take(made.scorer->url, scorer->as_object(), "url");
    take(made.scorer->timeout_ms, scorer->as_object(), "timeout_ms");
  }
  return made;
}

}  // namespace

std::string settings_json(const model::assessment_settings& of) {
  json::object made{
      {"platform", model::to_string(of.platform)},
      {"use_case", of.use_case},
      {"time_limit_s", of.time_limit_s},
      {"redirects",
       {{"complete", of.redirects.complete},
        {"incomplete", of.redirects.incomplete},
        {"cancelled", of.redirects.cancelled},
        {"expired", of.redirects.expired}}},
      {"branding", {{"name", of.branding.name}, {"logo_url", of.branding.logo_url}, {"colour", of.branding.colour}}},
      {"privacy_policy_url", of.privacy_policy_url},
      {"questionnaire", reference(of.questionnaire)},
      {"scorecard", reference(of.scorecard)}};
  if (of.scorer) made["scorer"] = json::object{{"url", of.scorer->url}, {"timeout_ms", of.scorer->timeout_ms}};
  return json::serialize(made);
}

base::result<model::assessment_settings> read_assessment(std::string_view text) {
  try {
    return read_or_throw(base::own_json(text).as_object());
  } catch (const std::exception& why) {
    return base::fail(base::fault::store_corrupt, std::string("reading an integration's settings: ") + why.what());
  }
}

}  // namespace posthorn::store::sqlite
