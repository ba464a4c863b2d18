// Deliveries: what is owed to whom, and what a person may do about one.
#include "api/event_json.hpp"
#include "api/handlers.hpp"
#include "api/paging.hpp"
#include "base/id.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;
using base::fault;

constexpr std::string_view tag = "dlv";

base::result<store::delivery_filter> filter_of(const call& from, model::integration_no integration) {
  store::delivery_filter filter;
  filter.integration = integration;
  if (const auto endpoint = from.query("endpoint_id")) {
    filter.endpoint = base::parse_id(base::endpoint_prefix, *endpoint);
    if (!filter.endpoint) return base::fail(fault::invalid_field, "endpoint_id must be an id of the form ep_…");
  }
  if (const auto state = from.query("state")) {
    filter.state = model::delivery_state_from(*state);
    if (!filter.state) {
      return base::fail(fault::invalid_field,
                        "state must be pending, retrying, parked, delivered, failed or cancelled");
    }
  }
  return filter;
}

// Only what belongs to the caller's integration can be acted on; then the delivery as it is afterwards.
using action = base::result<void> (*)(const services&, model::delivery_id);

handled act(call& from, action what) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto id = from.id(base::delivery_prefix);
  if (!id) co_return std::unexpected(id.error());
  const auto work = [&]() -> base::result<store::delivery_view> {
    const auto known = from.with.queries.find_delivery((*of)->value.number, *id);
    if (!known) return std::unexpected(known.error());
    if (auto done = what(from.with, *id); !done) return std::unexpected(std::move(done.error()));
    return from.with.queries.find_delivery((*of)->value.number, *id);
  };
  const auto after = co_await off_thread(from, work);
  if (!after) co_return std::unexpected(after.error());
  co_return json_answer(200, to_json(*after, true, from.with.clock));
}

}  // namespace

handled list_deliveries(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto want = page_of(from, tag);
  if (!want) co_return std::unexpected(want.error());
  const auto filter = filter_of(from, (*of)->value.number);
  if (!filter) co_return std::unexpected(filter.error());
  const auto read = [&] { return from.with.queries.list_deliveries(*filter, want->after, want->limit); };
  const auto page = co_await off_thread(from, read);
  if (!page) co_return std::unexpected(page.error());
  json::array data;
  for (const store::delivery_view& delivery : page->rows) data.push_back(to_json(delivery, false, from.with.clock));
  co_return page_answer(std::move(data), tag, page->next_cursor);
}

handled get_delivery(call& from) {
  const auto of = from.reach();
  if (!of) co_return std::unexpected(of.error());
  const auto id = from.id(base::delivery_prefix);
  if (!id) co_return std::unexpected(id.error());
  const auto read = [&] { return from.with.queries.find_delivery((*of)->value.number, *id); };
  const auto delivery = co_await off_thread(from, read);
  if (!delivery) co_return std::unexpected(delivery.error());
  co_return json_answer(200, to_json(*delivery, true, from.with.clock));
}

handled retry_delivery(call& from) {
  return act(from, [](const services& with, model::delivery_id id) { return with.config.retry_delivery(id); });
}
handled replay_delivery(call& from) {
  return act(from, [](const services& with, model::delivery_id id) { return with.replays.replay_delivery(id); });
}
handled cancel_delivery(call& from) {
  return act(from, [](const services& with, model::delivery_id id) { return with.config.cancel_delivery(id); });
}

}  // namespace posthorn::api
