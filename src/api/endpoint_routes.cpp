// Endpoints: where an integration's events go, and how.
#include "api/body_fields.hpp"
#include "api/endpoint_json.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"
#include "base/id.hpp"
#include "base/log.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;
using model::endpoint_state;

constexpr std::string_view tag = "ep";

struct found_endpoint {
  store::shared_integration of;
  store::shared_endpoint value;
};

// not_found also for an endpoint of another integration.
base::result<found_endpoint> find(call& from) {
  const auto of = from.reach();
  if (!of) return std::unexpected(of.error());
  const auto id = from.id(base::endpoint_prefix);
  if (!id) return std::unexpected(id.error());
  for (const store::shared_endpoint& endpoint : (*of)->endpoints) {
    if (endpoint->id == *id) return found_endpoint{*of, endpoint};
  }
  return base::fail(fault::not_found, "there is no such endpoint in integration " + (*of)->value.integration_id);
}

// The preset named, else the deployment's own.
std::optional<model::preset> preset_of(body_fields& fields, const store::directory& now,
                                       const model::integration& integration) {
  if (fields.has("preset")) {
    return fields.choice("preset", model::preset_from, "\"assessment\", \"learning\" or \"standard\"");
  }
  const auto deployment = now.deployments.find(integration.deployment);
  return deployment == now.deployments.end() ? model::preset::assessment : deployment->second.default_preset;
}

// As it has just been changed.
json::object shown(const call& from, const model::endpoint& endpoint, const std::vector<std::string>& made = {}) {
  json::object out = to_json(endpoint, from.integration_id, made);
  out["condition"] = condition_json(endpoint.state, endpoint.condition, from.with.clock);
  return out;
}

// From the directory, with its condition as it is now.
json::object shown(const call& from, const model::endpoint& endpoint, const store::condition_map& conditions) {
  const auto found = conditions.find(endpoint.id);
  json::object out = to_json(endpoint, from.integration_id);
  out["condition"] = condition_json(
      endpoint.state, found == conditions.end() ? model::endpoint_condition() : found->second, from.with.clock);
  return out;
}

handled set_state(call& from, endpoint_state state, std::string_view reason) {
  const auto found = find(from);
  if (!found) co_return std::unexpected(found.error());
  const auto work = [&] { return from.with.config.set_endpoint_state(found->value->id, state, std::string(reason)); };
  const auto changed = co_await off_thread(from, work);
  if (!changed) co_return std::unexpected(changed.error());
  co_return json_answer(200, shown(from, *changed));
}

}  // namespace

handled list_endpoints(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto want = page_of(from, tag);
  if (!want) co_return std::unexpected(want.error());
  const auto id_of = [](const store::shared_endpoint& endpoint) { return endpoint->id; };
  const auto work = [&] { return from.with.queries.conditions((*of)->value.number); };
  const auto conditions = co_await off_thread(from, work);
  if (!conditions) co_return std::unexpected(conditions.error());
  const auto show = [&](const store::shared_endpoint& endpoint) { return shown(from, *endpoint, *conditions); };
  co_return page_in_memory((*of)->endpoints, *want, tag, id_of, show);
}

handled list_endpoint_presets(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  co_return json_answer(200, json::object{{"data", presets_json()}});
}

handled create_endpoint(call& from) {
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  const auto named = fields.text("integration_id", 1, limits::name_chars_max);
  const auto of = from.reach(named.value_or(""));
  if (!of) co_return std::unexpected(of.error());
  fields.require("url", "where the events go");
  const auto preset = preset_of(fields, *from.with.directory.current(), (*of)->value);
  const auto kind = fields.choice("kind", model::endpoint_kind_from, "\"events\" or \"operational\"");
  if (errors.any()) co_return std::unexpected(errors.outcome().error());

  model::endpoint wanted = model::endpoint_from_preset(*preset);
  wanted.integration = (*of)->value.number;
  wanted.kind = kind.value_or(model::endpoint_kind::events);
  std::vector<std::string> made;
  auto applied = apply_settings(wanted, *body, from.with.endpoint_urls, made, {"integration_id", "preset", "kind"});
  if (!applied) co_return std::unexpected(std::move(applied.error()));
  const auto work = [&] { return from.with.config.create_endpoint(wanted); };
  const auto created = co_await off_thread(from, work);
  if (!created) co_return std::unexpected(created.error());
  co_return json_answer(201, shown(from, *created, made));
}

handled get_endpoint(call& from) {
  const auto found = find(from);
  if (!found) co_return std::unexpected(found.error());
  const auto work = [&] { return from.with.queries.conditions(found->of->value.number); };
  const auto conditions = co_await off_thread(from, work);
  if (!conditions) co_return std::unexpected(conditions.error());
  co_return json_answer(200, shown(from, *found->value, *conditions));
}

handled change_endpoint(call& from) {
  const auto found = find(from);
  if (!found) co_return std::unexpected(found.error());
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  std::vector<std::string> made;
  const auto change = [&](model::endpoint& to) {
    made.clear();
    return apply_settings(to, *body, from.with.endpoint_urls, made);
  };
  const auto work = [&] { return from.with.config.update_endpoint(found->value->id, change); };
  const auto changed = co_await off_thread(from, work);
  if (!changed) co_return std::unexpected(changed.error());
  co_return json_answer(200, shown(from, *changed, made));
}

handled rotate_endpoint_secret(call& from) {
  const auto found = find(from);
  if (!found) co_return std::unexpected(found.error());
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  const base::epoch_ms now = from.with.clock.wall();
  std::vector<std::string> made;
  const auto change = [&](model::endpoint& to) {
    made.clear();
    return rotate_secret(to, *body, now, made);
  };
  const auto work = [&] { return from.with.config.update_endpoint(found->value->id, change); };
  const auto changed = co_await off_thread(from, work);
  if (!changed) co_return std::unexpected(changed.error());
  base::log_info("endpoint_secret_rotated", {{"endpoint_id", base::format_id(base::endpoint_prefix, changed->id)}});
  co_return json_answer(200, shown(from, *changed, made));
}

handled delete_endpoint(call& from) {
  const auto found = find(from);
  if (!found) co_return std::unexpected(found.error());
  const auto work = [&] { return from.with.config.delete_endpoint(found->value->id); };
  auto gone = co_await off_thread(from, work);
  if (!gone) co_return std::unexpected(std::move(gone.error()));
  co_return net::response{.status = 204};
}

handled enable_endpoint(call& from) { return set_state(from, endpoint_state::active, ""); }
handled pause_endpoint(call& from) { return set_state(from, endpoint_state::paused, "paused by a call"); }
handled disable_endpoint(call& from) { return set_state(from, endpoint_state::disabled, "disabled by a call"); }

}  // namespace posthorn::api
