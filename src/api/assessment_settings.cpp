// An integration's assessment settings, in and out.
#include <fmt/format.h>

#include <algorithm>

#include "api/assessment_json.hpp"
#include "api/text_forms.hpp"
#include "assessment/document_catalogue.hpp"
#include "base/limits.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;

bool is_colour(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdefABCDEF";
  return text.size() == 7 && text.front() == '#' && text.find_first_not_of(digits, 1) == std::string_view::npos;
}

// The object that `name` is, or null where it is absent or, with an error added, something else.
const json::object* object_in(body_fields& fields, std::string_view name) {
  const json::value* given = fields.find(name);
  if (given == nullptr) return nullptr;
  if (!given->is_object()) fields.refuse(name, "must be an object");
  return given->if_object();
}

// True where `name` is null, which leaves `to` empty.
bool is_cleared(std::string& to, body_fields& fields, std::string_view name) {
  const json::value* given = fields.find(name);
  if (given == nullptr || !given->is_null()) return false;
  to.clear();
  return true;
}

void apply_url(std::string& to, body_fields& fields, std::string_view name, const net::url_rules& urls) {
  if (is_cleared(to, fields, name)) return;
  auto text = fields.text(name, 1, limits::url_bytes_max);
  if (!text) return;
  if (const auto parsed = net::parse_endpoint_url(*text, urls); !parsed) {
    fields.refuse(name, parsed.error().detail + "; null is none");
    return;
  }
  to = *std::move(text);
}

void apply_redirects(model::redirect_urls& to, body_fields& in, const net::url_rules& urls) {
  const json::object* given = object_in(in, "redirects");
  if (given == nullptr) return;
  body_fields fields(*given, in.pointer_to("redirects"), in.errors());
  fields.only({"complete", "incomplete", "cancelled", "expired"});
  apply_url(to.complete, fields, "complete", urls);
  apply_url(to.incomplete, fields, "incomplete", urls);
  apply_url(to.cancelled, fields, "cancelled", urls);
  apply_url(to.expired, fields, "expired", urls);
}

void apply_branding(model::branding& to, body_fields& in, const net::url_rules& urls) {
  const json::object* given = object_in(in, "branding");
  if (given == nullptr) return;
  body_fields fields(*given, in.pointer_to("branding"), in.errors());
  fields.only({"name", "logo_url", "colour"});
  if (auto name = fields.text("name", 0, limits::name_chars_max)) to.name = *std::move(name);
  apply_url(to.logo_url, fields, "logo_url", urls);
  if (is_cleared(to.colour, fields, "colour")) return;
  const auto colour = [](std::string_view text) {
    return is_colour(text) ? std::optional(std::string(text)) : std::nullopt;
  };
  if (auto text = fields.choice("colour", colour, "of the form #rrggbb, or null")) to.colour = *std::move(text);
}

void apply_document(model::document_ref& to, body_fields& in, std::string_view name) {
  const json::object* given = object_in(in, name);
  if (given == nullptr) return;
  body_fields fields(*given, in.pointer_to(name), in.errors());
  fields.only({"key", "version"});
  fields.require("key", "which one");
  fields.require("version", "a document changes by a new version");
  if (auto key = fields.text("key", 1, limits::name_chars_max)) to.key = *std::move(key);
  if (const auto version = fields.integer("version", 1, INT32_MAX)) to.version = static_cast<std::int32_t>(*version);
}

json::object to_json(const model::document_ref& of) { return {{"key", of.key}, {"version", of.version}}; }

json::value to_json(const std::optional<model::external_scorer>& of) {
  if (!of) return nullptr;
  return json::object{{"url", of->url}, {"timeout_ms", of->timeout_ms}};
}

// Replaced whole, as it is one thing: null is "this server scores".
void apply_scorer(std::optional<model::external_scorer>& to, body_fields& in, const net::url_rules& urls) {
  if (const json::value* given = in.find("external_scorer"); given != nullptr && given->is_null()) {
    to.reset();
    return;
  }
  const json::object* given = object_in(in, "external_scorer");
  if (given == nullptr) return;
  body_fields fields(*given, in.pointer_to("external_scorer"), in.errors());
  fields.only({"url", "timeout_ms"});
  fields.require("url", "who is asked for scores");
  model::external_scorer made;
  if (auto url = fields.text("url", 1, limits::url_bytes_max)) {
    const net::url_rules rules = net::rules_for(*url, to ? std::string_view(to->url) : std::string_view(), urls);
    if (const auto parsed = net::parse_endpoint_url(*url, rules); !parsed) fields.refuse("url", parsed.error().detail);
    made.url = *std::move(url);
  }
  if (const auto timeout =
          fields.integer("timeout_ms", limits::endpoint_timeout_ms_min, limits::endpoint_timeout_ms_max)) {
    made.timeout_ms = static_cast<std::int32_t>(*timeout);
  }
  to = std::move(made);
}

}  // namespace

json::object to_json(const model::assessment_settings& of) {
  return {{"platform", model::to_string(of.platform)},
          {"use_case", of.use_case},
          {"time_limit_s", of.time_limit_s},
          {"redirects",
           {{"complete", text_or_null(of.redirects.complete)},
            {"incomplete", text_or_null(of.redirects.incomplete)},
            {"cancelled", text_or_null(of.redirects.cancelled)},
            {"expired", text_or_null(of.redirects.expired)}}},
          {"branding",
           {{"name", of.branding.name},
            {"logo_url", text_or_null(of.branding.logo_url)},
            {"colour", text_or_null(of.branding.colour)}}},
          {"privacy_policy_url", text_or_null(of.privacy_policy_url)},
          {"questionnaire", to_json(of.questionnaire)},
          {"scorecard", to_json(of.scorecard)},
          {"external_scorer", to_json(of.scorer)}};
}

void apply_assessment(model::assessment_settings& to, body_fields& fields, const net::url_rules& urls,
                      const assessment::document_catalogue& known) {
  const net::url_rules by_browser{.allow_http = urls.allow_http, .guard = nullptr};
  fields.only({"platform", "use_case", "time_limit_s", "redirects", "branding", "privacy_policy_url", "questionnaire",
               "scorecard", "external_scorer"});
  if (const auto platform = fields.choice("platform", model::platform_from, "\"WEB\", \"ANDROID\" or \"IOS\"")) {
    to.platform = *platform;
  }
  if (auto use_case = fields.text("use_case", 0, limits::name_chars_max)) to.use_case = *std::move(use_case);
  if (const auto limit = fields.integer("time_limit_s", limits::session_limit_s_min, limits::session_limit_s_max)) {
    to.time_limit_s = static_cast<std::int32_t>(*limit);
  }
  apply_redirects(to.redirects, fields, by_browser);
  apply_branding(to.branding, fields, by_browser);
  apply_url(to.privacy_policy_url, fields, "privacy_policy_url", by_browser);
  apply_document(to.questionnaire, fields, "questionnaire");
  apply_document(to.scorecard, fields, "scorecard");
  if (!known.knows_questionnaire(to)) {
    fields.refuse("questionnaire", "names none that this server has: {\"key\":\"default\",\"version\":1} is there");
  }
  if (!known.knows_scorecard(to)) {
    fields.refuse("scorecard",
                  "names none that fits the platform and the questionnaire: "
                  "{\"key\":\"default\",\"version\":1} fits every platform");
  }
  apply_scorer(to.scorer, fields, urls);
}

}  // namespace posthorn::api
