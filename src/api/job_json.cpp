#include "api/job_json.hpp"

#include <algorithm>

#include "api/text_forms.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;

json::value endpoint_or_null(const std::optional<model::endpoint_id>& endpoint) {
  if (!endpoint) return nullptr;
  return json::value(base::format_id(base::endpoint_prefix, *endpoint));
}

json::value count_or_null(const std::optional<std::int64_t>& count) {
  if (!count) return nullptr;
  return *count;
}

std::string listed(std::span<const model::replay_choice> choices) {
  std::string out;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) out += i + 1 == choices.size() ? " or " : ", ";
    out += '"';
    out += model::to_string(choices[i]);
    out += '"';
  }
  return out;
}

// What the two choices that make deliveries ask of the endpoint.
void check_new_deliveries(body_fields& fields, const model::replay_filter& filter, const store::shared_endpoint& to) {
  if (!model::makes_deliveries(filter.choice)) return;
  if (!fields.has("endpoint_id")) {
    fields.require("endpoint_id", "the endpoint that is to get the events");
  } else if (to && to->kind == model::endpoint_kind::operational) {
    fields.refuse("endpoint_id", "is an operational endpoint: it gets no events of the integration");
  }
}

}  // namespace

json::object to_json(const model::job& job, std::string_view integration_id) {
  const model::replay_filter& filter = job.filter;
  return {{"id", base::format_id(base::job_prefix, job.id)},
          {"integration_id", integration_id},
          {"kind", model::to_string(job.kind)},
          {"state", model::to_string(job.state)},
          {"filter",
           {{"state", model::to_string(filter.choice)},
            {"endpoint_id", endpoint_or_null(filter.endpoint)},
            {"type", text_or_null(filter.type)},
            {"since", time_or_null(filter.since)},
            {"until", time_or_null(filter.until)},
            {"failed_since", time_or_null(filter.ended_since)}}},
          {"total", count_or_null(job.total)},
          {"processed", job.requeued + job.skipped},
          {"requeued", job.requeued},
          {"skipped", job.skipped},
          {"created_at", time_or_null(job.created_at)},
          {"finished_at", time_or_null(job.finished_at)},
          {"error", text_or_null(job.error)}};
}

store::shared_endpoint endpoint_named(body_fields& fields, const store::integration_entry& of) {
  const auto text = fields.text("endpoint_id", 1, limits::name_chars_max);
  if (!text) return nullptr;
  const auto id = base::parse_id(base::endpoint_prefix, *text);
  for (const store::shared_endpoint& each : of.endpoints) {
    if (id && each->id == *id) return each;
  }
  fields.refuse("endpoint_id", "must be the id, ep_…, of an endpoint of integration " + of.value.integration_id);
  return nullptr;
}

model::replay_filter replay_filter_of(body_fields& fields, const store::integration_entry& of,
                                      std::span<const model::replay_choice> choices) {
  model::replay_filter filter;
  const store::shared_endpoint endpoint = endpoint_named(fields, of);
  if (endpoint) filter.endpoint = endpoint->id;
  const auto among = [&](std::string_view word) {
    const auto choice = model::replay_choice_from(word);
    return choice && std::ranges::find(choices, *choice) != choices.end() ? choice : std::nullopt;
  };
  filter.choice = fields.choice("state", among, listed(choices)).value_or(model::replay_choice::failed);
  if (const auto type = fields.text("type", 1, limits::event_type_chars_max)) {
    if (!is_event_pattern(*type)) fields.refuse("type", "must be an event type, \"*\" or \"prefix.*\"");
    filter.type = *type;
  }
  filter.since = fields.time("since").value_or(0);
  filter.until = fields.time("until").value_or(0);
  if (filter.until > 0 && filter.until <= filter.since) fields.refuse("until", "must be later than since");
  check_new_deliveries(fields, filter, endpoint);
  return filter;
}

}  // namespace posthorn::api
