// Sending again: one event at once, many as a job (docs/replay.md).
#include <algorithm>
#include <array>

#include "api/body_fields.hpp"
#include "api/handlers.hpp"
#include "api/job_json.hpp"
#include "api/paging.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "model/names.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;
using model::replay_choice;

constexpr std::array retried{replay_choice::failed, replay_choice::cancelled};
constexpr std::array replayed{replay_choice::failed,   replay_choice::cancelled, replay_choice::delivered,
                              replay_choice::finished, replay_choice::missing,   replay_choice::unrouted};

enum class audience : std::uint8_t { own, matching };
constexpr model::names audience_names{{"own", "matching"}};

// The body, and the integration that it or the caller names.
struct job_request {
  json::object body;
  store::shared_integration of;
};

base::result<job_request> read_request(call& from) {
  auto body = parse_object(from.request.body);
  if (!body) return std::unexpected(std::move(body.error()));
  body_errors errors;
  body_fields fields(*body, "", errors);
  const auto named = fields.text("integration_id", 1, limits::name_chars_max);
  if (errors.any()) return std::unexpected(errors.outcome().error());
  auto of = from.reach(named.value_or(""));
  if (!of) return std::unexpected(std::move(of.error()));
  return job_request{*std::move(body), *std::move(of)};
}

handled start(call& from, model::job wanted) {
  const auto work = [&] { return from.with.replays.start_job(wanted); };
  const auto job = co_await off_thread(from, work);
  if (!job) co_return std::unexpected(job.error());
  base::log_info("job_started", {{"job_id", base::format_id(base::job_prefix, job->id)},
                                 {"kind", model::to_string(job->kind)},
                                 {"integration_id", from.integration_id}});
  co_return json_answer(202, to_json(*job, from.integration_id));
}

handled start_filtered(call& from, model::job_kind kind, std::span<const replay_choice> choices) {
  const auto asked = read_request(from);
  if (!asked) co_return std::unexpected(asked.error());
  body_errors errors;
  body_fields fields(asked->body, "", errors);
  fields.only({"integration_id", "endpoint_id", "type", "since", "until", "state"});
  model::job wanted;
  wanted.integration = asked->of->value.number;
  wanted.kind = kind;
  wanted.filter = replay_filter_of(fields, *asked->of, choices);
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  co_return co_await start(from, std::move(wanted));
}

// Which endpoints the event goes to now.
base::result<std::vector<model::endpoint_id>> matching(const services& with, const store::integration_entry& of,
                                                       const store::event_view& event) {
  const auto payload = with.queries.find_payload(event.integration, event.id);
  if (!payload) return std::unexpected(payload.error());
  const auto is_operational = [&](const store::delivery_view& each) {
    return std::ranges::any_of(of.endpoints, [&](const store::shared_endpoint& endpoint) {
      return endpoint->id == each.endpoint && endpoint->kind == model::endpoint_kind::operational;
    });
  };
  const auto kind = std::ranges::any_of(event.deliveries, is_operational) ? model::endpoint_kind::operational
                                                                          : model::endpoint_kind::events;
  return with.ingest.targets(of, kind, event.type, *payload);
}

std::vector<model::endpoint_id> own(const store::event_view& event) {
  std::vector<model::endpoint_id> to;
  to.reserve(event.deliveries.size());
  for (const store::delivery_view& each : event.deliveries) to.push_back(each.endpoint);
  return to;
}

base::result<std::vector<store::replayed_delivery>> replay(const services& with, const store::integration_entry& of,
                                                           model::event_id id, const store::shared_endpoint& one,
                                                           std::optional<audience> asked) {
  const auto event = with.queries.find_event(of.value.number, id);
  if (!event) return std::unexpected(event.error());
  std::vector<model::endpoint_id> to;
  if (one) {
    to = {one->id};
  } else if (asked == audience::matching || (!asked && event->deliveries.empty())) {
    auto found = matching(with, of, *event);
    if (!found) return std::unexpected(std::move(found.error()));
    to = *std::move(found);
  } else {
    to = own(*event);
  }
  if (to.empty()) {
    return base::fail(fault::not_acceptable_now,
                      "no endpoint takes this event now: name one with endpoint_id, or change a subscription");
  }
  return with.replays.replay_event(id, to);
}

json::object to_json(const store::replayed_delivery& one) {
  json::object out;
  out["id"] = nullptr;
  if (one.id != 0) out["id"] = base::format_id(base::delivery_prefix, one.id);
  out["endpoint_id"] = base::format_id(base::endpoint_prefix, one.endpoint);
  out["result"] = store::to_string(one.result);
  return out;
}

}  // namespace

handled replay_event(call& from) {
  const auto id = from.id(base::event_prefix);
  if (!id) co_return std::unexpected(id.error());
  const auto asked = read_request(from);
  if (!asked) co_return std::unexpected(asked.error());
  body_errors errors;
  body_fields fields(asked->body, "", errors);
  fields.only({"integration_id", "endpoint_id", "to"});
  const store::shared_endpoint one = endpoint_named(fields, *asked->of);
  const auto from_name = [](std::string_view word) { return audience_names.find<audience>(word); };
  const auto to = fields.choice("to", from_name, "\"own\" or \"matching\"");
  if (one && to) fields.refuse("to", "leave it out where endpoint_id names one endpoint");
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  const auto work = [&] { return replay(from.with, *asked->of, *id, one, to); };
  const auto done = co_await off_thread(from, work);
  if (!done) co_return std::unexpected(done.error());
  json::array deliveries;
  for (const store::replayed_delivery& each : *done) deliveries.push_back(to_json(each));
  const json::object whole{{"id", base::format_id(base::event_prefix, *id)}, {"deliveries", std::move(deliveries)}};
  co_return json_answer(202, whole);
}

handled retry_deliveries(call& from) { return start_filtered(from, model::job_kind::retry, retried); }
handled create_replay(call& from) { return start_filtered(from, model::job_kind::replay, replayed); }

handled recover_endpoint(call& from) {
  const auto id = from.id(base::endpoint_prefix);
  if (!id) co_return std::unexpected(id.error());
  const auto asked = read_request(from);
  if (!asked) co_return std::unexpected(asked.error());
  const auto is_it = [&](const store::shared_endpoint& each) { return each->id == *id; };
  if (std::ranges::none_of(asked->of->endpoints, is_it)) {
    co_return base::fail(fault::not_found,
                         "there is no such endpoint in integration " + asked->of->value.integration_id);
  }
  body_errors errors;
  body_fields fields(asked->body, "", errors);
  fields.only({"integration_id", "since"});
  fields.require("since", "from when on what failed is sent again");
  model::job wanted;
  wanted.integration = asked->of->value.number;
  wanted.kind = model::job_kind::recover;
  wanted.filter.endpoint = *id;
  wanted.filter.ended_since = fields.time("since").value_or(0);
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  co_return co_await start(from, std::move(wanted));
}

}  // namespace posthorn::api
