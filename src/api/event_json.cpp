#include "api/event_json.hpp"

#include <boost/json/array.hpp>

#include "api/text_forms.hpp"
#include "base/id.hpp"
#include "policy/attempt_advice.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;

json::value status_or_null(std::int32_t status) {
  if (status == 0) return nullptr;
  return status;
}

json::value error_or_null(model::error_class error) {
  if (error == model::error_class::none) return nullptr;
  return json::value(model::to_string(error));
}

json::value waits_for(const store::delivery_view& delivery, const base::clock& clock) {
  if (delivery.probe_at == 0) return text_or_null(delivery.waits_for);
  const json::value at = engine_time_or_null(delivery.probe_at, clock);
  return json::value(delivery.waits_for + ": next probe at " + std::string(at.get_string()));
}

}  // namespace

json::value advice_json(const model::attempt& attempt, bool has_delivered) {
  if (has_delivered || (attempt.status == 200 && attempt.error == model::error_class::none)) return nullptr;
  const policy::attempt_advice given = policy::advise(attempt);
  return json::object{{"what", given.what}, {"fix", given.fix}};
}

json::object to_json(const model::attempt& attempt) {
  const model::attempt_timing& took = attempt.timing;
  return {{"number", attempt.number},
          {"at", base::to_rfc3339(attempt.at)},
          {"status", status_or_null(attempt.status)},
          {"error", error_or_null(attempt.error)},
          {"error_detail", text_or_null(attempt.error_detail)},
          {"request_headers", to_utf8(attempt.request_headers)},
          {"response_headers", to_utf8(attempt.response_headers)},
          {"response_body", to_utf8(attempt.response_body)},
          {"timing",
           {{"dns_us", took.dns_us},
            {"connect_us", took.connect_us},
            {"tls_us", took.tls_us},
            {"first_byte_us", took.first_byte_us},
            {"total_us", took.total_us}}}};
}

json::object to_json(const store::delivery_view& delivery, bool with_attempts, const base::clock& clock) {
  json::object out{{"id", base::format_id(base::delivery_prefix, delivery.id)},
                   {"event_id", base::format_id(base::event_prefix, delivery.event)},
                   {"endpoint_id", base::format_id(base::endpoint_prefix, delivery.endpoint)},
                   {"state", model::to_string(delivery.state)},
                   {"attempt_count", delivery.attempts},
                   {"last_status", status_or_null(delivery.last_status)},
                   {"last_error", error_or_null(delivery.last_error)},
                   {"next_try_at", engine_time_or_null(delivery.next_try_at, clock)},
                   {"finished_at", time_or_null(delivery.finished_at)},
                   {"waits_for", waits_for(delivery, clock)}};
  if (with_attempts) {
    json::array attempts;
    for (const model::attempt& attempt : delivery.attempt_list) {
      const bool last = &attempt == &delivery.attempt_list.back();
      json::object& shown = attempts.emplace_back(to_json(attempt)).as_object();
      shown["advice"] = advice_json(attempt, last && delivery.state == model::delivery_state::delivered);
    }
    out["attempts"] = std::move(attempts);
  }
  return out;
}

json::object to_json(const store::event_view& event, bool with_attempts, std::string_view integration_id,
                     const base::clock& clock) {
  json::array deliveries;
  for (const store::delivery_view& delivery : event.deliveries) {
    deliveries.push_back(to_json(delivery, with_attempts, clock));
  }
  return {{"id", base::format_id(base::event_prefix, event.id)},
          {"integration_id", integration_id},
          {"type", event.type},
          {"uid", text_or_null(event.uid)},
          {"accepted_at", base::to_rfc3339(event.accepted_at)},
          {"erased", event.erased},
          {"state", model::to_string(event.state)},
          {"payload_bytes", event.payload_bytes},
          {"deliveries", std::move(deliveries)}};
}

json::object to_json(const store::request_log_entry& entry) {
  return {{"at", base::to_rfc3339(entry.at)},
          {"method", to_utf8(entry.method)},
          {"route", to_utf8(entry.route)},
          {"status", entry.status},
          {"error", entry.error},
          {"detail", to_utf8(entry.detail)},
          {"uid", text_or_null(to_utf8(entry.uid))},
          {"integration_id", text_or_null(to_utf8(entry.integration_id))},
          {"remote", entry.remote}};
}

}  // namespace posthorn::api
