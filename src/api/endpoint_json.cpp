#include "api/endpoint_json.hpp"

#include <algorithm>

#include "api/client_certificate.hpp"
#include "api/text_forms.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "signing/standard_webhooks.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
using model::signature_scheme;

struct auth_to_json {
  json::object operator()(const model::auth_none&) const { return {{"authType", "none"}}; }
  json::object operator()(const model::auth_bearer&) const {
    return {{"authType", "bearer_token"}, {"token", masked_secret}};
  }
  json::object operator()(const model::auth_basic& auth) const {
    return {{"authType", "basic_auth"}, {"username", auth.username}, {"password", masked_secret}};
  }
  json::object operator()(const model::auth_api_key& auth) const {
    return {{"authType", "api_key"}, {"header", auth.header}, {"value", masked_secret}};
  }
  json::object operator()(const model::auth_oauth2& auth) const {
    return {{"authType", "oauth2"},
            {"token_url", auth.token_url},
            {"client_id", auth.client_id},
            {"client_secret", masked_secret},
            {"scope", auth.scope}};
  }
};

json::object to_json(const model::signature_setting& signature, const std::vector<std::string>& shown) {
  json::object out{{"scheme", model::to_string(signature.scheme)}};
  if (signature.secret.empty()) return out;
  const bool in_full = std::ranges::find(shown, signature.secret) != shown.end();
  out["secret"] = in_full ? std::string_view(signature.secret) : masked_secret;
  out["previous_until"] = time_or_null(signature.previous_until);
  if (signature.scheme == signature_scheme::standard_v1a) {
    if (const auto key = signing::v1a_secret_key::parse(signature.secret)) out["public_key"] = key->public_key();
  }
  return out;
}

json::value to_json(const std::optional<model::client_certificate>& certificate) {
  if (!certificate) return nullptr;
  json::object out{{"certificate_pem", certificate->certificate_pem}, {"key_pem", masked_secret}};
  // What was accepted once parses again, unless a newer OpenSSL asks for more: then the facts are missing, not the
  // rest.
  const auto facts = certificate_facts_of(*certificate);
  out["subject"] = facts ? json::value(facts->subject) : json::value();
  out["expires_at"] = facts ? json::value(base::to_rfc3339(facts->expires_at)) : json::value();
  return out;
}

json::value to_json(const std::optional<model::rate_limit>& rate) {
  if (!rate) return nullptr;
  return {{"per_second", rate->per_second}, {"burst", rate->burst}};
}

json::object to_json(const model::health_setting& health) {
  return {{"failures_min", health.failures_min},
          {"failure_percent_min", health.failure_percent_min},
          {"window_s", health.window_s},
          {"disable_after_s", health.disable_after_s}};
}

}  // namespace

json::object to_json(const model::endpoint& endpoint, std::string_view integration_id,
                     const std::vector<std::string>& shown) {
  json::object headers;
  for (const auto& [name, value] : endpoint.headers) headers[name] = masked_secret;
  json::array signatures;
  for (const auto& signature : endpoint.signatures) signatures.push_back(to_json(signature, shown));
  return {{"id", base::format_id(base::endpoint_prefix, endpoint.id)},
          {"integration_id", integration_id},
          {"url", endpoint.url},
          {"description", endpoint.description},
          {"preset", model::to_string(endpoint.made_from)},
          {"kind", model::to_string(endpoint.kind)},
          {"event_types", json::array(endpoint.event_types.begin(), endpoint.event_types.end())},
          {"filter", endpoint.filter.empty() ? json::value() : base::own_json(endpoint.filter)},
          {"success", model::to_string(endpoint.success)},
          {"timeout_ms", endpoint.timeout_ms},
          {"auth", std::visit(auth_to_json(), endpoint.auth)},
          {"client_certificate", to_json(endpoint.certificate)},
          {"headers", std::move(headers)},
          {"signatures", std::move(signatures)},
          {"retry",
           {{"schedule_s", json::array(endpoint.retry.schedule_s.begin(), endpoint.retry.schedule_s.end())},
            {"on", model::to_string(endpoint.retry.on)}}},
          {"order", model::to_string(endpoint.order)},
          {"order_wait_max_s", endpoint.order_wait_max_s},
          {"rate_limit", to_json(endpoint.rate)},
          {"in_flight_max", endpoint.in_flight_max},
          {"health", to_json(endpoint.health)},
          {"state", model::to_string(endpoint.state)},
          {"state_reason", text_or_null(endpoint.state_reason)},
          {"created_at", base::to_rfc3339(endpoint.created_at)},
          {"config_version", endpoint.config_version}};
}

json::array presets_json() {
  json::array presets;
  for (const model::preset each : {model::preset::assessment, model::preset::learning, model::preset::standard}) {
    json::object shown = to_json(model::endpoint_from_preset(each), "");
    for (const std::string_view of_one :
         {"id", "integration_id", "url", "kind", "state", "state_reason", "created_at", "config_version"}) {
      shown.erase(of_one);
    }
    presets.push_back(std::move(shown));
  }
  return presets;
}

json::object condition_json(model::endpoint_state state, const model::endpoint_condition& condition,
                            const base::clock& clock) {
  const bool open = state == model::endpoint_state::degraded;
  return {{"breaker", open ? "open" : "closed"},
          {"failing_since", engine_time_or_null(condition.failing_since, clock)},
          {"next_probe_at", engine_time_or_null(open ? condition.probe_at : 0, clock)}};
}

}  // namespace posthorn::api
