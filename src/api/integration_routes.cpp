// Integrations: a deployment in one environment, its settings and its API keys (contract 2.3).
#include "api/assessment_json.hpp"
#include "api/body_fields.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"
#include "api/text_forms.hpp"
#include "base/id.hpp"
#include "base/log.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;

std::string_view to_string(model::key_state state) {
  return state == model::key_state::signing ? "signing" : "retiring";
}

json::object to_json(const model::api_key& key, bool in_full) {
  return {{"id", base::format_id(base::key_prefix, key.id)},
          {"state", to_string(key.state)},
          {"api_key", in_full ? key.text : masked_key(key.text)},
          {"created_at", base::to_rfc3339(key.created_at)},
          {"expires_at", time_or_null(key.expires_at)}};
}

json::array keys_of(const store::integration_entry& entry, bool in_full, const base::clock& clock) {
  json::array keys;
  for (const model::api_key& key : entry.keys) {
    if (key.expires_at == 0 || key.expires_at > clock.wall()) keys.push_back(to_json(key, in_full));
  }
  return keys;
}

json::object to_json(const store::integration_entry& entry, const base::clock& clock) {
  return {{"integration_id", entry.value.integration_id},
          {"deployment_id", base::format_id(base::deployment_prefix, entry.value.deployment)},
          {"company_id", base::format_id(base::company_prefix, entry.value.company)},
          {"environment", model::to_string(entry.value.env)},
          {"retention_days", entry.value.retention_days},
          {"validate_events", entry.value.validate_events},
          {"assessment", api::to_json(entry.value.assessment)},
          {"keys", keys_of(entry, false, clock)}};
}

}  // namespace

handled get_integration(call& from) {
  const auto of = from.reach(from.values.text[0]);
  if (!of) co_return std::unexpected(of.error());
  co_return json_answer(200, to_json(**of, from.with.clock));
}

handled change_integration(call& from) {
  const auto of = from.reach(from.values.text[0]);
  if (!of) co_return std::unexpected(of.error());
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"retention_days", "validate_events", "assessment"});
  if (body->empty()) {
    fields.require("retention_days", "this, validate_events and assessment are what can be changed");
  }
  const auto days = fields.integer("retention_days", 1, limits::retention_days_max);
  const auto validate = fields.boolean("validate_events");
  // Read once to refuse what is wrong, and again on what it is then when it is written.
  const auto apply = [&](model::integration& to, body_errors& into) {
    if (days) to.retention_days = static_cast<std::int32_t>(*days);
    if (validate) to.validate_events = *validate;
    const json::value* given = body->if_contains("assessment");
    if (given == nullptr) return;
    if (!given->is_object()) return into.add(base::fault::invalid_field, "/assessment", "must be an object");
    body_fields assessment(given->as_object(), "/assessment", into);
    apply_assessment(to.assessment, assessment, from.with.endpoint_urls, from.with.assessments.documents());
  };
  const auto edit = [&](model::integration& to) {
    body_errors found;
    apply(to, found);
    return found.outcome();
  };
  model::integration trial = (*of)->value;
  apply(trial, errors);
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  const model::integration_no number = (*of)->value.number;
  const auto work = [&] { return from.with.config.update_integration(number, edit); };
  const auto changed = co_await off_thread(from, work);
  if (!changed) co_return std::unexpected(changed.error());
  // Not by reach(), which gives a key's caller the integration as it was when the call began.
  const store::shared_directory now = from.with.directory.current();
  const auto found = now->integrations.find(number);
  if (found == now->integrations.end()) co_return base::fail(base::fault::not_found, "there is no such integration");
  co_return json_answer(200, to_json(*found->second, from.with.clock));
}

handled rotate_key(call& from) {
  const auto of = from.reach(from.values.text[0]);
  if (!of) co_return std::unexpected(of.error());
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"overlap_s"});
  fields.require("overlap_s", "how long the old key still works; 0 revokes it at once");
  const auto overlap_s = fields.integer("overlap_s", 0, limits::key_overlap_s_max);
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  const model::integration_no number = (*of)->value.number;
  const auto work = [&] { return from.with.config.rotate_key(number, static_cast<int>(*overlap_s)); };
  const auto made = co_await off_thread(from, work);
  if (!made) co_return std::unexpected(made.error());
  base::log_info("api_key_rotated", {{"integration_id", from.integration_id}, {"overlap_s", *overlap_s}});
  co_return json_answer(201, to_json(*made, true));
}

handled reveal_keys(call& from) {
  const auto of = from.reach(from.values.text[0]);
  if (!of) co_return std::unexpected(of.error());
  base::log_info("api_keys_revealed",
                 {{"integration_id", from.integration_id}, {"remote", from.request.remote.to_string()}});
  json::object body{{"integration_id", (*of)->value.integration_id}, {"keys", keys_of(**of, true, from.with.clock)}};
  co_return json_answer(200, body);
}

}  // namespace posthorn::api
