#include "store/sqlite/sqlite_queries.hpp"

#include <algorithm>

#include "store/sqlite/delivery_views.hpp"
#include "store/sqlite/erasure_mark.hpp"
#include "store/sqlite/lists.hpp"
#include "store/sqlite/request_journal.hpp"

namespace posthorn::store::sqlite {
namespace {

std::size_t rows_of(std::size_t limit) { return std::clamp<std::size_t>(limit, 1, base::limits::page_rows_max); }

template <class T>
base::result<T> found_or(base::result<void> read, std::optional<T> found, const char* missing) {
  if (!read) return std::unexpected(std::move(read.error()));
  if (!found) return base::fail(base::fault::not_found, missing);
  return std::move(*found);
}

}  // namespace

base::result<page<event_view>> sqlite_queries::list_events(const event_filter& filter, std::int64_t cursor,
                                                           std::size_t limit) {
  page<event_view> made;
  auto read =
      pool_.with([&](const read_view& view) { made = sqlite::list_events(view, filter, cursor, rows_of(limit)); });
  if (!read) return std::unexpected(std::move(read.error()));
  return made;
}

base::result<event_view> sqlite_queries::find_event(model::integration_no integration, model::event_id id) {
  std::optional<event_view> found;
  auto read = pool_.with([&](const read_view& view) {
    const auto event = view.store.event(id);
    if (!event || event->integration != integration) return;
    delivery_views views(view.store);
    found = views.event(*event);
    for (delivery_view& each : found->deliveries) views.add_attempts(each);
  });
  return found_or(std::move(read), std::move(found), "there is no such event");
}

base::result<std::string> sqlite_queries::find_payload(model::integration_no integration, model::event_id id) {
  std::optional<std::string> found;
  bool erased = false;
  auto read = pool_.with([&](const read_view& view) {
    const auto event = view.store.event(id);
    erased = event && event->integration == integration && event->erased;
    if (!erased) found = view.store.payload(integration, id);
  });
  if (read && erased) return erased_event();
  return found_or(std::move(read), std::move(found), "there is no such event");
}

base::result<page<delivery_view>> sqlite_queries::list_deliveries(const delivery_filter& filter, std::int64_t cursor,
                                                                  std::size_t limit) {
  page<delivery_view> made;
  auto read =
      pool_.with([&](const read_view& view) { made = sqlite::list_deliveries(view, filter, cursor, rows_of(limit)); });
  if (!read) return std::unexpected(std::move(read.error()));
  return made;
}

base::result<delivery_view> sqlite_queries::find_delivery(model::integration_no integration, model::delivery_id id) {
  std::optional<delivery_view> found;
  auto read = pool_.with([&](const read_view& view) {
    const auto origin = view.store.origin_of(id);
    if (!origin || origin->integration != integration) return;
    delivery_views views(view.store);
    found = views.delivery(id, origin->event, origin->endpoint);
    views.add_attempts(*found);
  });
  return found_or(std::move(read), std::move(found), "there is no such delivery");
}

base::result<condition_map> sqlite_queries::conditions(model::integration_no integration) {
  condition_map made;
  auto read = pool_.with([&](const read_view& view) { made = view.store.conditions_of(integration); });
  if (!read) return std::unexpected(std::move(read.error()));
  return made;
}

base::result<page<request_log_entry>> sqlite_queries::list_requests(const log_subject& of, std::int64_t cursor,
                                                                    std::size_t limit) {
  base::result<page<request_log_entry>> made;
  auto read =
      pool_.with([&](const read_view& view) { made = read_requests(view.store.on(), of, cursor, rows_of(limit)); });
  if (!read) return std::unexpected(std::move(read.error()));
  return made;
}

}  // namespace posthorn::store::sqlite
