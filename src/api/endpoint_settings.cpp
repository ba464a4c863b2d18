// Reading an endpoint's settings: ranges and rules of contract section 3.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "api/endpoint_json.hpp"
#include "api/text_forms.hpp"
#include "base/limits.hpp"
#include "policy/payload_filter.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;

constexpr std::array<std::string_view, 16> settings = {
    "url",        "description", "event_types",   "filter",
    "success",    "timeout_ms",  "auth",          "client_certificate",
    "headers",    "signatures",  "retry",         "order_wait_max_s",
    "rate_limit", "order",       "in_flight_max", "health"};
// Shown, and changed by calls of their own or not at all.
constexpr std::array<std::string_view, 8> read_only = {"id",    "integration_id", "preset",     "kind",
                                                       "state", "state_reason",   "created_at", "config_version"};

void refuse_unknown(body_fields& fields, const json::object& body, std::initializer_list<std::string_view> also_known) {
  for (const auto& member : body) {
    const std::string_view name = member.key();
    if (std::ranges::find(also_known, name) != also_known.end()) continue;
    if (std::ranges::find(read_only, name) != read_only.end()) {
      fields.refuse(name, name == "state" ? "is changed by POST …/enable, …/pause and …/disable" : "cannot be changed",
                    fault::unknown_field);
    } else if (std::ranges::find(settings, name) == settings.end()) {
      fields.refuse(name, "is not known here", fault::unknown_field);
    }
  }
}

void apply_url(model::endpoint& to, body_fields& fields, const net::url_rules& urls) {
  const auto url = fields.text("url", 1, limits::url_bytes_max);
  if (!url) return;
  const auto parsed = net::parse_endpoint_url(*url, net::rules_for(*url, to.url, urls));
  if (!parsed) {
    fields.refuse("url", parsed.error().detail);
    return;
  }
  to.url = *url;
}

void apply_event_types(model::endpoint& to, body_fields& fields) {
  const json::value* given = fields.find("event_types");
  if (given == nullptr) return;
  const json::array* list = given->if_array();
  if (list == nullptr || list->empty() || list->size() > limits::event_types_per_endpoint_max) {
    fields.refuse("event_types",
                  fmt::format("must be an array of 1 to {} names", limits::event_types_per_endpoint_max));
    return;
  }
  std::vector<std::string> patterns;
  for (const json::value& one : *list) {
    if (!one.is_string() || !is_event_pattern(one.get_string())) {
      fields.refuse_item("event_types", patterns.size(), "must be an event type, \"*\" or \"prefix.*\"");
      return;
    }
    patterns.emplace_back(one.get_string());
  }
  to.event_types = std::move(patterns);
}

void apply_retry(model::endpoint& to, body_fields& fields) {
  const json::value* given = fields.find("retry");
  if (given == nullptr) return;
  if (!given->is_object()) {
    fields.refuse("retry", "must be an object with schedule_s and on");
    return;
  }
  body_fields retry(given->get_object(), "/retry", fields.errors());
  retry.only({"schedule_s", "on"});
  if (const auto on = retry.choice("on", model::retry_on_from, "\"any_failure\" or \"status\"")) to.retry.on = *on;
  const json::value* schedule = retry.find("schedule_s");
  if (schedule == nullptr) return;
  std::vector<std::int32_t> waits;
  const json::array* list = schedule->if_array();
  bool good = list != nullptr && !list->empty() && list->size() <= limits::tries_max;
  for (std::size_t i = 0; good && i < list->size(); ++i) {
    json::error_code failed;
    const json::value& one = (*list)[i];
    const auto wait = one.is_number() ? one.to_number<std::int64_t>(failed) : -1;
    good = !failed && !one.is_double() && wait >= 0 && wait <= limits::retry_delay_s_max;
    if (good) waits.push_back(static_cast<std::int32_t>(wait));
  }
  if (!good) {
    retry.refuse("schedule_s", fmt::format("must be an array of 1 to {} waits in whole seconds, each 0 to {}",
                                           limits::tries_max, limits::retry_delay_s_max));
    return;
  }
  to.retry.schedule_s = std::move(waits);
}

void apply_integer(std::int32_t& to, body_fields& fields, std::string_view name, int min, int max) {
  if (const auto value = fields.integer(name, min, max)) to = static_cast<std::int32_t>(*value);
}

void apply_filter(model::endpoint& to, body_fields& fields) {
  const json::value* given = fields.find("filter");
  if (given == nullptr) return;
  if (given->is_null()) {
    to.filter.clear();
    return;
  }
  std::string text = json::serialize(*given);
  if (const auto compiled = policy::payload_filter::parse(text); !compiled) {
    const base::field_error& broken = compiled.error().fields.front();
    return fields.errors().add(fault::invalid_field, "/filter" + broken.pointer, broken.detail);
  }
  to.filter = std::move(text);
}

void apply_rate(model::endpoint& to, body_fields& fields) {
  const json::value* given = fields.find("rate_limit");
  if (given == nullptr) return;
  if (given->is_null()) {
    to.rate.reset();
    return;
  }
  if (!given->is_object()) return fields.refuse("rate_limit", "must be null, or an object with per_second and burst");
  body_fields rate(given->get_object(), "/rate_limit", fields.errors());
  rate.only({"per_second", "burst"});
  rate.require("per_second", "how many requests a second may go out");
  model::rate_limit wanted;
  apply_integer(wanted.per_second, rate, "per_second", 1, limits::rate_per_second_max);
  wanted.burst = wanted.per_second;
  apply_integer(wanted.burst, rate, "burst", 1, limits::rate_burst_max);
  to.rate = wanted;
}

void apply_health(model::endpoint& to, body_fields& fields) {
  const json::value* given = fields.find("health");
  if (given == nullptr) return;
  if (!given->is_object()) {
    return fields.refuse(
        "health", "must be an object with any of failures_min, failure_percent_min, window_s and disable_after_s");
  }
  body_fields health(given->get_object(), "/health", fields.errors());
  health.only({"failures_min", "failure_percent_min", "window_s", "disable_after_s"});
  apply_integer(to.health.failures_min, health, "failures_min", 1, limits::breaker_failures_max);
  apply_integer(to.health.failure_percent_min, health, "failure_percent_min", 1, 100);
  apply_integer(to.health.window_s, health, "window_s", 1, limits::breaker_window_s_max);
  apply_integer(to.health.disable_after_s, health, "disable_after_s", 0, limits::disable_after_s_max);
}

}  // namespace

base::result<void> apply_settings(model::endpoint& to, const json::object& body, const net::url_rules& urls,
                                  std::vector<std::string>& made, std::initializer_list<std::string_view> also_known) {
  body_errors errors;
  body_fields fields(body, "", errors);
  refuse_unknown(fields, body, also_known);
  apply_url(to, fields, urls);
  if (auto description = fields.text("description", 0, limits::description_chars_max)) {
    to.description = *std::move(description);
  }
  apply_event_types(to, fields);
  apply_filter(to, fields);
  if (const auto rule = fields.choice("success", model::success_rule_from, "\"200\" or \"2xx\"")) to.success = *rule;
  apply_integer(to.timeout_ms, fields, "timeout_ms", limits::endpoint_timeout_ms_min, limits::endpoint_timeout_ms_max);
  apply_auth(to, fields, urls);
  apply_certificate(to, fields);
  apply_headers(to, fields);
  apply_signatures(to, fields, made);
  apply_retry(to, fields);
  if (const auto order = fields.choice("order", model::order_rule_from, "\"none\" or \"uid\"")) to.order = *order;
  apply_integer(to.order_wait_max_s, fields, "order_wait_max_s", 0, limits::order_wait_s_max);
  apply_rate(to, fields);
  apply_integer(to.in_flight_max, fields, "in_flight_max", 1, limits::in_flight_max);
  apply_health(to, fields);
  return errors.outcome();
}

}  // namespace posthorn::api
