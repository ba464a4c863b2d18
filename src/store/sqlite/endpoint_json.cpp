#include "store/sqlite/endpoint_json.hpp"

#include <boost/json.hpp>
#include <stdexcept>

#include "base/json.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace json = boost::json;

json::object auth_settings(const model::auth_none&) { return {{"type", "none"}}; }
json::object auth_settings(const model::auth_bearer&) { return {{"type", "bearer_token"}}; }
json::object auth_settings(const model::auth_basic& of) { return {{"type", "basic_auth"}, {"username", of.username}}; }
json::object auth_settings(const model::auth_api_key& of) { return {{"type", "api_key"}, {"header", of.header}}; }
json::object auth_settings(const model::auth_oauth2& of) {
  return {{"type", "oauth2"}, {"token_url", of.token_url}, {"client_id", of.client_id}, {"scope", of.scope}};
}

std::string_view auth_secret(const model::auth_none&) { return {}; }
std::string_view auth_secret(const model::auth_bearer& of) { return of.token; }
std::string_view auth_secret(const model::auth_basic& of) { return of.password; }
std::string_view auth_secret(const model::auth_api_key& of) { return of.value; }
std::string_view auth_secret(const model::auth_oauth2& of) { return of.client_secret; }

json::value rate_settings(const std::optional<model::rate_limit>& of) {
  if (!of) return nullptr;
  return {{"per_second", of->per_second}, {"burst", of->burst}};
}

json::object health_settings(const model::health_setting& of) {
  return {{"failures_min", of.failures_min},
          {"failure_percent_min", of.failure_percent_min},
          {"window_s", of.window_s},
          {"disable_after_s", of.disable_after_s}};
}

template <class Range, class Text>
json::array list(const Range& of, Text text) {
  json::array made;
  for (const auto& each : of) made.emplace_back(text(each));
  return made;
}

// Readers throw on what is not there; read_endpoint turns that into its one error.
std::string text_of(const json::value& from) { return std::string(from.as_string()); }

std::int32_t number_of(const json::value& from) { return from.to_number<std::int32_t>(); }

template <class Enum>
Enum name_of(const json::value& from, std::optional<Enum> (*find)(std::string_view) noexcept) {
  const auto found = find(from.as_string());
  if (!found) throw std::invalid_argument("unknown name " + text_of(from));
  return *found;
}

model::authentication read_auth(const json::object& settings, std::string secret) {
  const json::string& type = settings.at("type").as_string();
  if (type == "none") return model::auth_none{};
  if (type == "bearer_token") return model::auth_bearer{std::move(secret)};
  if (type == "basic_auth") return model::auth_basic{text_of(settings.at("username")), std::move(secret)};
  if (type == "api_key") return model::auth_api_key{text_of(settings.at("header")), std::move(secret)};
  if (type == "oauth2") {
    return model::auth_oauth2{text_of(settings.at("token_url")), text_of(settings.at("client_id")), std::move(secret),
                              text_of(settings.at("scope"))};
  }
  throw std::invalid_argument("unknown authentication type");
}

// What version 2 of the schema added; absent in what was written before.
void read_additions(model::endpoint& into, const json::object& settings, const json::object& secrets) {
  if (!settings.contains("kind")) return;
  into.kind = name_of(settings.at("kind"), model::endpoint_kind_from);
  into.filter = text_of(settings.at("filter"));
  if (const json::object* rate = settings.at("rate").if_object()) {
    into.rate = {number_of(rate->at("per_second")), number_of(rate->at("burst"))};
  }
  const json::object& health = settings.at("health").as_object();
  into.health = {number_of(health.at("failures_min")), number_of(health.at("failure_percent_min")),
                 number_of(health.at("window_s")), number_of(health.at("disable_after_s"))};
  if (const json::string* certificate = settings.at("certificate").if_string()) {
    into.certificate = {std::string(*certificate), text_of(secrets.at("certificate_key"))};
  }
  const json::array& ends = settings.at("previous_until").as_array();
  const json::array& previous = secrets.at("previous").as_array();
  for (std::size_t i = 0; i < into.signatures.size(); ++i) {
    into.signatures[i].previous_until = ends.at(i).to_number<std::int64_t>();
    into.signatures[i].previous_secret = text_of(previous.at(i));
  }
}

void read_or_throw(model::endpoint& into, const json::object& settings, const json::object& secrets) {
  into.url = text_of(settings.at("url"));
  into.description = text_of(settings.at("description"));
  into.made_from = name_of(settings.at("preset"), model::preset_from);
  into.event_types.clear();
  for (const json::value& each : settings.at("event_types").as_array()) into.event_types.push_back(text_of(each));
  into.success = name_of(settings.at("success"), model::success_rule_from);
  into.timeout_ms = number_of(settings.at("timeout_ms"));
  into.auth = read_auth(settings.at("auth").as_object(), text_of(secrets.at("auth")));

  into.headers.clear();
  const json::array& header_names = settings.at("headers").as_array();
  const json::array& header_values = secrets.at("headers").as_array();
  for (std::size_t i = 0; i < header_names.size(); ++i) {
    into.headers.emplace_back(text_of(header_names[i]), text_of(header_values.at(i)));
  }
  into.signatures.clear();
  const json::array& schemes = settings.at("signatures").as_array();
  const json::array& signature_secrets = secrets.at("signatures").as_array();
  for (std::size_t i = 0; i < schemes.size(); ++i) {
    into.signatures.push_back(
        {name_of(schemes[i], model::signature_scheme_from), text_of(signature_secrets.at(i)), {}, 0});
  }
  const json::object& retry = settings.at("retry").as_object();
  into.retry.schedule_s.clear();
  for (const json::value& each : retry.at("schedule_s").as_array()) into.retry.schedule_s.push_back(number_of(each));
  into.retry.on = name_of(retry.at("on"), model::retry_on_from);
  into.order = name_of(settings.at("order"), model::order_rule_from);
  into.order_wait_max_s = number_of(settings.at("order_wait_max_s"));
  into.in_flight_max = number_of(settings.at("in_flight_max"));
  read_additions(into, settings, secrets);
}

}  // namespace

std::string settings_json(const model::endpoint& of) {
  const auto as_is = [](const auto& each) { return json::value(each); };
  return json::serialize(json::object{
      {"url", of.url},
      {"description", of.description},
      {"preset", model::to_string(of.made_from)},
      {"event_types", list(of.event_types, as_is)},
      {"success", model::to_string(of.success)},
      {"timeout_ms", of.timeout_ms},
      {"auth", std::visit([](const auto& each) { return auth_settings(each); }, of.auth)},
      {"headers", list(of.headers, [](const auto& each) { return json::value(each.first); })},
      {"signatures", list(of.signatures, [](const auto& each) { return json::value(model::to_string(each.scheme)); })},
      {"retry", {{"schedule_s", list(of.retry.schedule_s, as_is)}, {"on", model::to_string(of.retry.on)}}},
      {"order", model::to_string(of.order)},
      {"order_wait_max_s", of.order_wait_max_s},
      {"in_flight_max", of.in_flight_max},
      {"kind", model::to_string(of.kind)},
      {"filter", of.filter},
      {"rate", rate_settings(of.rate)},
      {"health", health_settings(of.health)},
      {"certificate", of.certificate ? json::value(of.certificate->certificate_pem) : json::value()},
      {"previous_until", list(of.signatures, [](const auto& each) { return json::value(each.previous_until); })}});
}

std::string secrets_json(const model::endpoint& of) {
  return json::serialize(json::object{
      {"auth", std::visit([](const auto& each) { return auth_secret(each); }, of.auth)},
      {"headers", list(of.headers, [](const auto& each) { return json::value(each.second); })},
      {"signatures", list(of.signatures, [](const auto& each) { return json::value(each.secret); })},
      {"previous", list(of.signatures, [](const auto& each) { return json::value(each.previous_secret); })},
      {"certificate_key", of.certificate ? of.certificate->key_pem : std::string()}});
}

base::result<void> read_endpoint(model::endpoint& into, std::string_view settings, std::string_view secrets) {
  try {
    read_or_throw(into, base::own_json(settings).as_object(), base::own_json(secrets).as_object());
    return {};
  } catch (const std::exception& why) {
    return base::fail(base::fault::store_corrupt, std::string("reading an endpoint's settings: ") + why.what());
  }
}

}  // namespace posthorn::store::sqlite
