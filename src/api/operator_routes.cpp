// What the people who run the server ask: is it alive, is it ready, how much, who changed what,
// and which calls were refused.
#include <fmt/format.h>

#include "api/description.hpp"
#include "api/event_json.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"
#include "api/text_forms.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "policy/engine_progress.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;

constexpr std::string_view tag = "log";
constexpr std::string_view changes_tag = "aud";

json::value object_or_null(const std::string& text) {
  if (text.empty()) return nullptr;
  return base::own_json(text);
}

json::object to_json(const store::audit_entry& entry) {
  return {{"id", base::format_id(base::audit_prefix, entry.id)},
          {"at", base::to_rfc3339(entry.at)},
          {"actor", {{"kind", store::to_string(entry.actor)}, {"id", text_or_null(entry.actor_id)}}},
          {"integration_id", text_or_null(entry.integration_id)},
          {"action", entry.action},
          {"object", text_or_null(entry.object)},
          {"before", object_or_null(entry.before)},
          {"after", object_or_null(entry.after)},
          {"remote", text_or_null(entry.remote)},
          {"request_id", text_or_null(entry.request_id)}};
}

// Whose log is read: where no integration is named, a member sees its company's, the machine admin all.
base::result<store::log_subject> subject_of(call& from) {
  if (from.who.kind != account::caller_kind::integration && !from.query("integration_id")) {
    return store::log_subject{.company = from.who.member.company};
  }
  const auto reached = from.reach();
  if (!reached) return std::unexpected(reached.error());
  return store::log_subject{.integration_id = (*reached)->value.integration_id};
}

std::string stuck_text(policy::engine_state engine, const store::store_stats& now) {
  if (engine == policy::engine_state::not_writing) {
    return fmt::format("the store's writer has not moved for {} s: is the disk stuck?", now.since_turn_ms / 1000);
  }
  return fmt::format(
      "deliveries that are due and could be sent have not been for {} s: restart the server, and report it",
      now.stalled_ms / 1000);
}

}  // namespace

handled list_changes(call& from) {
  const auto of = subject_of(from);
  if (!of) co_return std::unexpected(of.error());
  const auto want = page_of(from, changes_tag);
  if (!want) co_return std::unexpected(want.error());
  const auto read = [&] { return from.with.changes.list_changes(*of, want->after, want->limit); };
  const auto page = co_await off_thread(from, read);
  if (!page) co_return std::unexpected(page.error());
  json::array data;
  for (const store::audit_entry& entry : page->rows) data.push_back(to_json(entry));
  co_return page_answer(std::move(data), changes_tag, page->next_cursor);
}

handled list_requests(call& from) {
  // Calls that were refused may have named nothing: the admin sees those, too.
  const auto of = subject_of(from);
  if (!of) co_return std::unexpected(of.error());
  const auto want = page_of(from, tag);
  if (!want) co_return std::unexpected(want.error());
  const auto read = [&] { return from.with.queries.list_requests(*of, want->after, want->limit); };
  const auto page = co_await off_thread(from, read);
  if (!page) co_return std::unexpected(page.error());
  json::array data;
  for (const store::request_log_entry& entry : page->rows) data.push_back(to_json(entry));
  co_return page_answer(std::move(data), tag, page->next_cursor);
}

handled get_health(call&) { co_return json_answer(200, json::object{{"status", "alive"}}); }

handled get_readiness(call& from) {
  const store::health_report report = from.with.health.health();
  const store::store_stats now = from.with.health.stats();
  const policy::engine_state engine =
      policy::judge({.stalled_ms = now.stalled_ms, .since_turn_ms = now.since_turn_ms}, base::limits::engine_stuck_ms);
  const bool sends = engine == policy::engine_state::moving;
  const bool ready = report.can_accept && report.can_record && sends;
  json::object body{{"status", ready ? "ready" : "not ready"},
                    {"can_accept", report.can_accept},
                    {"can_record", report.can_record},
                    {"sends", sends}};
  if (!report.reason.empty()) {
    body["reason"] = report.reason;
  } else if (!sends) {
    body["reason"] = stuck_text(engine, now);
  }
  co_return json_answer(ready ? 200 : 503, body);
}

handled get_metrics(call& from) {
  const auto work = [&]() -> base::result<std::string> { return from.with.meters.text(from.with.health); };
  auto text = co_await off_thread(from, work);
  if (!text) co_return std::unexpected(text.error());
  co_return net::response{
      .status = 200, .content_type = "text/plain; version=0.0.4; charset=utf-8", .body = *std::move(text)};
}

handled get_description(call&) {
  co_return net::response{.status = 200, .content_type = "application/json", .body = std::string(description())};
}

}  // namespace posthorn::api
