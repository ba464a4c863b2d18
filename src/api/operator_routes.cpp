// What the people who run the server ask: is it alive, is it ready, how much, and which calls were refused.
#include "api/description.hpp"
#include "api/event_json.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;

constexpr std::string_view tag = "log";

}  // namespace

handled list_requests(call& from) {
  // The machine admin may look at all of them: calls that were refused may have named nothing.
  std::string of;
  if (from.who.kind == account::caller_kind::integration || from.query("integration_id")) {
    const auto reached = from.reach();
    if (!reached) co_return std::unexpected(reached.error());
    of = (*reached)->value.integration_id;
  }
  const auto want = page_of(from, tag);
  if (!want) co_return std::unexpected(want.error());
  const auto read = [&] { return from.with.queries.list_requests(of, want->after, want->limit); };
  const auto page = co_await off_thread(from, read);
  if (!page) co_return std::unexpected(page.error());
  json::array data;
  for (const store::request_log_entry& entry : page->rows) data.push_back(to_json(entry));
  co_return page_answer(std::move(data), tag, page->next_cursor);
}

handled get_health(call&) { co_return json_answer(200, json::object{{"status", "alive"}}); }

handled get_readiness(call& from) {
  const store::health_report report = from.with.health.health();
  const bool ready = report.can_accept && report.can_record;
  json::object body{
      {"status", ready ? "ready" : "not ready"}, {"can_accept", report.can_accept}, {"can_record", report.can_record}};
  if (!report.reason.empty()) body["reason"] = report.reason;
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
