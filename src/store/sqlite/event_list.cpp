#include <algorithm>

#include "base/limits.hpp"
#include "store/sqlite/delivery_views.hpp"
#include "store/sqlite/index_file.hpp"
#include "store/sqlite/lists.hpp"
#include "store/sqlite/page_walk.hpp"
#include "store/sqlite/targets.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::int64_t minute_ms = 60'000;

// Events that have at least one failed or cancelled delivery are all that can be `failed`.
void add_failed(const read_view& view, const std::vector<model::endpoint_id>& endpoints,
                std::vector<id_source_ptr>& to) {
  for (const model::endpoint_id each : endpoints) {
    to.push_back(events_of(view, not_delivered_to(view, each)));
    to.push_back(events_replayed_to(view, each));
  }
}

// What is not finished has a pending row or lies above the watermark.
void add_unfinished(const read_view& view, const std::vector<model::endpoint_id>& endpoints,
                    std::vector<id_source_ptr>& to) {
  to.push_back(events_of(view, pending_to(view, endpoints)));
  const std::int64_t watermark = view.store.watermark();
  // The event that holds the delivery after the watermark may itself be below it.
  const std::int64_t first = view.store.event_below(watermark + 1, 0);
  to.push_back(events_above(view, std::max<std::int64_t>(first - 1, 0)));
  for (const model::endpoint_id each : endpoints) to.push_back(events_replayed_to(view, each));
}

void add_indexed(const read_view& view, const event_filter& filter, std::vector<id_source_ptr>& to) {
  to.push_back(events_above(view, view.position));
  if (view.index == nullptr) return;
  if (filter.uid) {
    to.push_back(events_of_uid(view, uid_key(filter.integration, *filter.uid)));
  } else if (filter.endpoint) {
    to.push_back(events_of(view, deliveries_to(view, *filter.endpoint)));
    to.push_back(events_replayed_to(view, *filter.endpoint));
  } else {
    for (const std::int64_t type : view.index->types(filter.integration, filter.type.value_or(""))) {
      to.push_back(events_of_type(view, type));
    }
  }
}

// The stream that names the fewest ids in vain.
id_source_ptr events_for(const read_view& view, const event_filter& filter) {
  std::vector<id_source_ptr> sources;
  const bool by_state = filter.state == model::event_state::failed || filter.state == model::event_state::pending;
  if (filter.uid || !by_state) {
    add_indexed(view, filter, sources);
  } else {
    const std::vector<model::endpoint_id> endpoints = view.store.endpoints_of(filter.integration);
    filter.state == model::event_state::failed ? add_failed(view, endpoints, sources)
                                               : add_unfinished(view, endpoints, sources);
  }
  return union_of(std::move(sources));
}

// Ticks only bound the walk; accepted_at decides. The slack covers a wall clock that was set back.
walk_bounds bounds_of(const read_view& view, const event_filter& filter, std::int64_t cursor, std::size_t rows) {
  walk_bounds made;
  made.rows = rows;
  if (cursor > 0) made.below = cursor;
  if (filter.until > 0) {
    const auto after = view.store.first_event_after((filter.until + base::limits::clock_step_ms_max) / minute_ms);
    if (after > 0) made.below = std::min(made.below, after);
  }
  if (filter.since > 0) {
    made.floor = view.store.first_event_up_to((filter.since - base::limits::clock_step_ms_max) / minute_ms);
  }
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
    const auto to_endpoint = [&](const delivery_view& each) { return each.endpoint == *filter.endpoint; };
    if (filter.endpoint && std::ranges::none_of(made.deliveries, to_endpoint)) return std::nullopt;
    return made;
  };
  return walk<event_view>(*ids, bounds_of(view, filter, cursor, rows), view.deadline, build);
}

}  // namespace posthorn::store::sqlite
