// Reading events back.
#include "api/event_json.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"
#include "api/text_forms.hpp"
#include "base/id.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
using base::fault;

constexpr std::string_view tag = "evt";

base::result<store::event_filter> filter_of(const call& from, model::integration_no integration) {
  store::event_filter filter;
  filter.integration = integration;
  filter.uid = from.query("uid");
  filter.type = from.query("type");
  if (const auto endpoint = from.query("endpoint_id")) {
    filter.endpoint = base::parse_id(base::endpoint_prefix, *endpoint);
    if (!filter.endpoint) return base::fail(fault::invalid_field, "endpoint_id must be an id of the form ep_…");
  }
  if (const auto state = from.query("state")) {
    filter.state = model::event_state_from(*state);
    if (!filter.state) return base::fail(fault::invalid_field, "state must be unrouted, pending, delivered or failed");
  }
  const auto since = time_parameter(from, "since");
  if (!since) return std::unexpected(since.error());
  const auto until = time_parameter(from, "until");
  if (!until) return std::unexpected(until.error());
  filter.since = *since;
  filter.until = *until;
  return filter;
}

}  // namespace

handled list_events(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto want = page_of(from, tag);
  if (!want) co_return std::unexpected(want.error());
  const auto filter = filter_of(from, (*of)->value.number);
  if (!filter) co_return std::unexpected(filter.error());
  from.uid = filter->uid.value_or("");
  const auto read = [&] { return from.with.queries.list_events(*filter, want->after, want->limit); };
  const auto page = co_await off_thread(from, read);
  if (!page) co_return std::unexpected(page.error());
  json::array data;
  for (const store::event_view& event : page->rows) {
    data.push_back(to_json(event, false, (*of)->value.integration_id, from.with.clock));
  }
  co_return page_answer(std::move(data), tag, page->next_cursor);
}

handled get_event(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto id = from.id(base::event_prefix);
  if (!id) co_return std::unexpected(id.error());
  const auto read = [&] { return from.with.queries.find_event((*of)->value.number, *id); };
  const auto event = co_await off_thread(from, read);
  if (!event) co_return std::unexpected(event.error());
  co_return json_answer(200, to_json(*event, true, (*of)->value.integration_id, from.with.clock));
}

handled get_payload(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto id = from.id(base::event_prefix);
  if (!id) co_return std::unexpected(id.error());
  const auto read = [&] { return from.with.queries.find_payload((*of)->value.number, *id); };
  auto payload = co_await off_thread(from, read);
  if (!payload) co_return std::unexpected(payload.error());
  co_return net::response{.status = 200, .content_type = "application/json", .body = *std::move(payload)};
}

}  // namespace posthorn::api
