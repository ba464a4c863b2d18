// One attempt from the lane to the report.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/boundary.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "dispatch/attempt_evidence.hpp"
#include "dispatch/worker.hpp"
#include "net/http1_serialize.hpp"
#include "policy/delivery_machine.hpp"
#include "policy/endpoint_health.hpp"
#include "policy/retry_policy.hpp"

namespace posthorn::dispatch {
namespace {

namespace asio = boost::asio;

std::optional<std::string_view> view(const std::optional<std::string>& text) {
  return text ? std::optional<std::string_view>(*text) : std::nullopt;
}

std::string failure_text(const model::attempt& of) {
  if (of.error == model::error_class::none) return fmt::format("status {}", of.status);
  return std::string(model::to_string(of.error));
}

std::string duration_text(std::int64_t seconds) {
  if (seconds >= 2 * 86'400) return fmt::format("{} days", seconds / 86'400);
  return seconds >= 2 * 3'600 ? fmt::format("{} hours", seconds / 3'600) : fmt::format("{} seconds", seconds);
}

// One line says all of an attempt. Times are since its start, 0 where the phase did not happen; response_bytes are of
// the body as it is kept.
void log_attempt(const store::owed_delivery& owed, const model::endpoint& to, std::string_view integration_id,
                 const model::attempt& evidence, bool success, base::epoch_ms due) {
  const auto level = success ? base::log_level::debug : base::log_level::info;
  if (!base::log_enabled(level)) return;
  const auto ms = [](std::int32_t us) { return us / 1000.0; };
  base::log_line(level, "attempt",
                 {{"delivery", base::format_id(base::delivery_prefix, owed.id)},
                  {"event_id", base::format_id(base::event_prefix, owed.event->id)},
                  {"endpoint", base::format_id(base::endpoint_prefix, to.id)},
                  {"integration_id", integration_id},
                  {"type", owed.event->type},
                  {"attempt", evidence.number},
                  {"success", success},
                  {"status", evidence.status},
                  {"error", model::to_string(evidence.error)},
                  {"detail", evidence.error_detail},
                  {"ms", ms(evidence.timing.total_us)},
                  {"dns_ms", ms(evidence.timing.dns_us)},
                  {"connect_ms", ms(evidence.timing.connect_us)},
                  {"tls_ms", ms(evidence.timing.tls_us)},
                  {"first_byte_ms", ms(evidence.timing.first_byte_us)},
                  {"age_ms", evidence.at - owed.event->accepted_at},
                  {"request_bytes", owed.event->payload.size()},
                  {"response_bytes", evidence.response_body.size()},
                  {"next_try_at", due > 0 ? base::to_rfc3339(due) : std::string()}});
}

live::seen_attempt seen(const store::owed_delivery& owed, const model::attempt& evidence, bool success) {
  return {.integration = owed.event->integration,
          .endpoint = owed.endpoint,
          .event = owed.event->id,
          .delivery = owed.id,
          .type = owed.event->type,
          .uid = owed.event->uid,
          .at = evidence.at,
          .number = evidence.number,
          .status = evidence.status,
          .error = evidence.error,
          .took_us = evidence.timing.total_us,
          .delivered = success};
}

constexpr base::epoch_ms broken_attempt_retry_ms = 60'000;

}  // namespace

asio::awaitable<void> worker::run_slot(lane& of) {
  attempt_buffers buffers;
  --of.starting;
  try {
    co_await use_slot(of, buffers);
  } catch (...) {
    base::log_contained("a slot for attempts", {}, base::error_of(std::current_exception()));
  }
  --of.in_flight;
  of.room->in_flight.fetch_sub(1, std::memory_order_relaxed);
  --running_;
  base::survive("giving a slot on", [&] {
    pump_next_waiting();
    pump(of);
  });
  finish_stop_if_idle();
}

asio::awaitable<void> worker::use_slot(lane& of, attempt_buffers& buffers) {
  // Its first delivery was counted by the rate limit before it began.
  for (bool claimed = true; may_start(of); claimed = false) {
    refresh();
    give_back_if_resting(of);
    if (!may_start(of)) break;
    if (!claimed && !claim_rate(of)) break;
    queued_delivery next = of.pop();
    environment_.gauges.queued.fetch_sub(1, std::memory_order_relaxed);
    try {
      co_await attempt(of, next, buffers);
    } catch (...) {
      end_broken(next, std::current_exception());
    }
    // Others wait for a slot or have come since: they come first.
    if (!waiting_for_slot_.empty() || beyond_fair_share(of.in_flight, running_)) break;
  }
}

void worker::end_broken(queued_delivery& next, const std::exception_ptr& thrown) noexcept {
  base::log_contained("an attempt", base::format_id(base::delivery_prefix, next.owed.id), base::error_of(thrown));
  if (next.reported) return;
  base::survive("reporting a broken attempt", [&] {
    report(next, {.decided = store::verdict::given_back,
                  .due = environment_.clock.engine() + broken_attempt_retry_ms,
                  .evidence = {},
                  .disable_reason = {}});
  });
}

bool worker::prepare_if_needed(lane& of) {
  if (!of.unusable.empty()) return false;  // until the configuration changes
  const base::epoch_ms wall = environment_.clock.wall();
  if (of.prepared && (of.prepared->valid_until == 0 || wall < of.prepared->valid_until)) return true;
  auto made = prepare(*of.endpoint, *of.integration, client_, environment_.urls, environment_.user_agent, wall);
  if (!made) {
    of.unusable = made.error().detail;
    return false;
  }
  of.prepared = std::make_shared<prepared_endpoint>(*std::move(made));
  return true;
}

void worker::write_fields(attempt_buffers& buffers, prepared_endpoint& by, base::id_value event, std::string_view type,
                          std::string_view payload, base::epoch_ms at, std::string_view more) {
  std::string& fields = buffers.fields;
  std::string& id = buffers.id;
  std::string& timestamp = buffers.timestamp;
  fields.clear();
  id.clear();
  timestamp.clear();
  base::append_id(id, base::event_prefix, event);
  net::append_decimal(timestamp, static_cast<std::uint64_t>(at / 1000));
  fields.append("webhook-id: ").append(id);
  fields.append("\r\nwebhook-timestamp: ").append(timestamp);
  fields.append("\r\nwebhook-event-type: ").append(type);
  fields.append("\r\nContent-Length: ");
  net::append_decimal(fields, payload.size());
  fields += "\r\n";
  fields += more;
  by.sign.append_headers(fields, {id, timestamp, payload});
  fields += "\r\n";
}

asio::awaitable<void> worker::attempt(lane& of, queued_delivery& next, attempt_buffers& buffers) {
  // The configuration may change while the request is out: what the attempt used is what it is judged by.
  const store::shared_endpoint to = of.endpoint;
  net::exchange_limits within;
  within.timeout_ms = to->timeout_ms;
  buffers.authorization.clear();
  if (std::holds_alternative<model::auth_oauth2>(to->auth)) {
    const std::int64_t begun_us = base::steady_us();
    const bool authorized = co_await authorize(of, next, to, buffers);
    if (!authorized) co_return;
    within.timeout_ms = std::max(1, to->timeout_ms - static_cast<int>((base::steady_us() - begun_us) / 1'000));
  }
  const base::epoch_ms at = environment_.clock.wall();
  const std::int32_t number = next.owed.attempts + 1;
  if (number == 1) counts_.waited.note(at - next.owed.event->accepted_at);
  if (!prepare_if_needed(of)) {
    conclude(of, next, *to, failed_attempt(model::error_class::configuration, of.unusable, number, at), {});
    // Nothing was waited for, and the lane may be long: the others have their turn.
    co_await asio::post(io_, asio::use_awaitable);
    co_return;
  }
  const model::event_body& event = *next.owed.event;
  write_fields(buffers, *of.prepared, event.id, event.type, event.payload, at, {});
  const std::shared_ptr<const prepared_endpoint> used = of.prepared;
  const std::array<asio::const_buffer, 4> request{asio::buffer(used->head), asio::buffer(buffers.authorization),
                                                  asio::buffer(buffers.fields), asio::buffer(next.owed.event->payload)};
  net::exchange_result result;
  // By hand, not by a guard's end: a coroutine that its io_context destroys outlives the dispatcher and its gauges.
  environment_.gauges.in_flight.fetch_add(1, std::memory_order_relaxed);
  try {
    result = co_await client_.exchange(*used->route, request, within);
  } catch (...) {
    environment_.gauges.in_flight.fetch_sub(1, std::memory_order_relaxed);
    throw;
  }
  environment_.gauges.in_flight.fetch_sub(1, std::memory_order_relaxed);
  if (!buffers.authorization.empty() && (result.status == 401 || result.status == 403)) {
    tokens_.drop(to->id, buffers.token);
  }
  const auto retry_after = policy::retry_after_ms(view(result.retry_after), view(result.date));
  model::attempt evidence = to_attempt(std::move(result), number, at);
  if (!policy::is_success(to->success, evidence.status) || evidence.error != model::error_class::none) {
    // What was sent is kept where somebody will ask for it; of a success it can be told from the configuration.
    evidence.request_headers = sent_head(*used, buffers.authorization, buffers.fields);
  }
  conclude(of, next, *to, std::move(evidence), retry_after);
}

asio::awaitable<bool> worker::authorize(lane& of, queued_delivery& next, store::shared_endpoint to,
                                        attempt_buffers& buffers) {
  const base::epoch_ms at = environment_.clock.wall();
  const std::int64_t begun_us = base::steady_us();
  oauth2_token token = co_await tokens_.get(to);
  if (!of.endpoint || of.endpoint->config_version != to->config_version) {
    // The token is of settings that are no longer the endpoint's.
    report(next, {.decided = store::verdict::given_back,
                  .due = environment_.clock.engine(),
                  .evidence = {},
                  .disable_reason = {}});
    co_return false;
  }
  if (token.text.empty()) {
    model::attempt evidence = failed_attempt(token.error, std::move(token.detail), next.owed.attempts + 1, at);
    evidence.timing.total_us = static_cast<std::int32_t>(base::steady_us() - begun_us);
    conclude(of, next, *to, std::move(evidence), {});
    co_return false;
  }
  buffers.token = std::move(token.text);
  buffers.authorization = "Authorization: Bearer " + buffers.token + "\r\n";
  co_return true;
}

void worker::conclude(lane& of, queued_delivery& next, const model::endpoint& to, model::attempt evidence,
                      std::optional<base::epoch_ms> retry_after) {
  policy::attempt_decision decision =
      policy::decide(to, {evidence.status, evidence.error, next.owed.tries + 1, retry_after},
                     environment_.clock.engine(), base::random_unit());
  const bool success = decision.end == policy::attempt_end::delivered;
  count(evidence, success);
  log_attempt(next.owed, to, of.integration ? of.integration->value.integration_id : std::string_view(), evidence,
              success, decision.due);
  if (environment_.tail != nullptr && environment_.tail->is_watched()) {
    environment_.tail->note(seen(next.owed, evidence, success));
  }
  const auto verdict = success                                      ? store::verdict::delivered
                       : decision.end == policy::attempt_end::retry ? store::verdict::retry
                                                                    : store::verdict::failed;
  store::health_conclusion health = judge(next, to, evidence, success);
  const bool opens = health.change == model::health_change::open;
  report(next, {.decided = verdict,
                .due = decision.due,
                .config_version = to.config_version,
                .evidence = std::move(evidence),
                .lane_rests_until = decision.lane_rests_until,
                .health = std::move(health),
                .disable_reason = std::move(decision.disable_reason)});
  if (opens) next.room->health.hold(to.condition.state_version);
  if (decision.lane_rests_until > 0) next.room->rest(decision.lane_rests_until);
  if (opens || decision.lane_rests_until > 0) give_back_if_resting(of);
}

store::health_conclusion worker::judge(const queued_delivery& of, const model::endpoint& to,
                                       const model::attempt& evidence, bool success) {
  const std::int32_t version = to.condition.state_version;
  const base::epoch_ms now = environment_.clock.engine();
  // A person may have enabled the endpoint since the probe was offered.
  const bool probe = of.owed.probe && to.state == model::endpoint_state::degraded;
  policy::health_facts facts{.success = success,
                             .probe = probe,
                             .probes_failed = of.owed.probes_failed,
                             .failing_since = of.owed.failing_since};
  if (success && !probe) {
    of.room->health.note_success(version, to.health.window_s, now);
    return {};
  }
  if (!success && !probe) facts.window = of.room->health.note_failure(version, to.health.window_s, now, of.owed.id);
  const policy::health_decision decision = policy::decide_health(to.health, facts, now, base::random_unit());
  store::health_conclusion made{.change = decision.change,
                                .state_version = version,
                                .probe_at = decision.probe_at,
                                .failing_since = of.owed.failing_since};
  if (decision.change == model::health_change::open) {
    made.reason = fmt::format("{} of {} attempts in {} s failed; the last: {}", facts.window.failures,
                              facts.window.attempts, to.health.window_s, failure_text(evidence));
  } else if (decision.change == model::health_change::disable) {
    made.reason = fmt::format("nothing but failures for {}; the last: {}",
                              duration_text((now - of.owed.failing_since) / 1000), failure_text(evidence));
  }
  return made;
}

void worker::count(const model::attempt& evidence, bool success) {
  if (evidence.error != model::error_class::none) {
    base::count_up(counts_.attempts_broken[static_cast<std::size_t>(evidence.error)]);
  } else {
    base::count_up(success ? counts_.attempts_succeeded : counts_.attempts_refused);
  }
  counts_.took.note(evidence.timing.total_us);
}

}  // namespace posthorn::dispatch
