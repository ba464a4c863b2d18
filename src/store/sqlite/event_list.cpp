#include <algorithm>

#include "store/sqlite/delivery_views.hpp"
#include "store/sqlite/index_file.hpp"
#include "store/sqlite/lists.hpp"
#include "store/sqlite/page_walk.hpp"
#include "store/sqlite/targets.hpp"

namespace posthorn::store::sqlite {
namespace {

using sources = std::vector<id_source_ptr>;

// What the index names, and the tail that it does not have yet.
id_source_ptr indexed(const read_view& view, sources named) {
  named.push_back(events_above(view, view.position));
  return union_of(std::move(named));
}

id_source_ptr of_uid(const read_view& view, const event_filter& filter) {
  sources named;
  if (view.index != nullptr) named.push_back(events_of_uid(view, uid_key(filter.integration, *filter.uid)));
  return indexed(view, std::move(named));
}

id_source_ptr to_endpoint(const read_view& view, model::endpoint_id endpoint) {
  sources named;
  if (view.index != nullptr) {
    named.push_back(events_of(view, deliveries_to(view, endpoint)));
    named.push_back(events_replayed_to(view, endpoint));
  }
  return indexed(view, std::move(named));
}

// Without a type: all of the integration's.
id_source_ptr of_type(const read_view& view, const event_filter& filter) {
  sources named;
  if (view.index != nullptr) {
    for (const std::int64_t type : view.index->types(filter.integration, filter.type.value_or(""))) {
      named.push_back(events_of_type(view, type));
    }
  }
  return indexed(view, std::move(named));
}

// At least one of its deliveries has failed or was cancelled, to whichever endpoint.
id_source_ptr of_failed(const read_view& view, model::integration_no integration) {
  sources named;
  for (const model::endpoint_id each : view.store.endpoints_of(integration)) {
    named.push_back(events_of(view, ended_at(view, each, outcome_result::failed)));
    named.push_back(events_of(view, ended_at(view, each, outcome_result::cancelled)));
    named.push_back(events_replayed_to(view, each));
  }
  return union_of(std::move(named));
}

// What is not finished has a pending row or lies above the watermark.
id_source_ptr of_unfinished(const read_view& view, model::integration_no integration) {
  sources named;
  for (const model::endpoint_id each : view.store.endpoints_of(integration)) {
    named.push_back(events_of(view, pending_to(view, each, tried::any)));
    named.push_back(events_replayed_to(view, each));
  }
  // The event that holds the delivery after the watermark may itself be below it.
  const std::int64_t first = view.store.event_below(view.store.watermark() + 1, 0);
  named.push_back(events_above(view, std::max<std::int64_t>(first - 1, 0)));
  return union_of(std::move(named));
}

id_source_ptr of_unrouted(const read_view& view) {
  sources named;
  if (view.index != nullptr) named.push_back(events_without_targets(view));
  return indexed(view, std::move(named));
}

// Everything asked for narrows the walk. `delivered` does not: most are.
id_source_ptr events_for(const read_view& view, const event_filter& filter) {
  using enum model::event_state;
  sources wanted;
  if (filter.uid) wanted.push_back(of_uid(view, filter));
  if (filter.endpoint) wanted.push_back(to_endpoint(view, *filter.endpoint));
  if (filter.state == failed) wanted.push_back(of_failed(view, filter.integration));
  if (filter.state == pending) wanted.push_back(of_unfinished(view, filter.integration));
  if (filter.state == unrouted) wanted.push_back(of_unrouted(view));
  if (filter.type || wanted.empty()) wanted.push_back(of_type(view, filter));
  return intersection_of(view, std::move(wanted));
}

walk_bounds bounds_of(const read_view& view, const event_filter& filter, std::int64_t cursor, std::size_t rows) {
  walk_bounds made;
  made.rows = rows;
  if (cursor > 0) made.below = cursor;
  if (filter.until > 0) made.below = std::min(made.below, view.store.first_event_since(filter.until));
  if (filter.since > 0) made.floor = view.store.first_event_since(filter.since);
  return made;
}

bool matches(const event_filter& filter, const stored_event& event) {
  return event.integration == filter.integration && (!filter.type || event.type == *filter.type) &&
         (!filter.uid || event.uid == *filter.uid) && event.accepted_at >= filter.since &&
         (filter.until == 0 || event.accepted_at < filter.until);
}

}  // namespace

page<event_view> list_events(const read_view& view, const event_filter& filter, std::int64_t cursor, std::size_t rows) {
  delivery_views views(view.store);
  const id_source_ptr ids = events_for(view, filter);
  const auto build = [&](model::event_id id) -> std::optional<event_view> {
    const auto event = view.store.event(id);
    if (!event || !matches(filter, *event)) return std::nullopt;
    event_view made = views.event(*event);
    if (filter.state && made.state != *filter.state) return std::nullopt;
    const auto owed_to_it = [&](const delivery_view& each) { return each.endpoint == *filter.endpoint; };
    if (filter.endpoint && std::ranges::none_of(made.deliveries, owed_to_it)) return std::nullopt;
    return made;
  };
  return walk<event_view>(*ids, bounds_of(view, filter, cursor, rows), view.deadline, build);
}

}  // namespace posthorn::store::sqlite
