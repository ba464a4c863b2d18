#include <span>

#include "store/sqlite/delivery_views.hpp"
#include "store/sqlite/lists.hpp"
#include "store/sqlite/page_walk.hpp"

namespace posthorn::store::sqlite {
namespace {

using enum model::delivery_state;

void add_unfinished(const read_view& view, model::delivery_state state, std::span<const model::endpoint_id> endpoints,
                    std::vector<id_source_ptr>& to) {
  const tried which = state == parked ? tried::any : state == retrying ? tried::yes : tried::no;
  for (const model::endpoint_id each : endpoints) {
    if (view.store.endpoint(each).parks() == (state == parked)) to.push_back(pending_to(view, each, which));
  }
  // What is in a lane without a pending row lies above the watermark.
  if (state == pending) to.push_back(deliveries_above(view, view.store.watermark()));
}

id_source_ptr deliveries_for(const read_view& view, const delivery_filter& filter) {
  const std::vector<model::endpoint_id> endpoints =
      filter.endpoint ? std::vector{*filter.endpoint} : view.store.endpoints_of(filter.integration);
  std::vector<id_source_ptr> sources;
  if (filter.state == failed || filter.state == cancelled) {
    const outcome_result result = filter.state == failed ? outcome_result::failed : outcome_result::cancelled;
    for (const model::endpoint_id each : endpoints) sources.push_back(ended_at(view, each, result));
  } else if (filter.state && filter.state != delivered) {
    add_unfinished(view, *filter.state, endpoints, sources);
  } else {
    sources.push_back(deliveries_above(view, view.position));
    if (view.index != nullptr) {
      for (const model::endpoint_id each : endpoints) sources.push_back(deliveries_to(view, each));
    }
  }
  return union_of(std::move(sources));
}

}  // namespace

page<delivery_view> list_deliveries(const read_view& view, const delivery_filter& filter, std::int64_t cursor,
                                    std::size_t rows) {
  delivery_views views(view.store);
  const id_source_ptr ids = deliveries_for(view, filter);
  walk_bounds bounds;
  bounds.rows = rows;
  if (cursor > 0) bounds.below = cursor;
  const auto build = [&](model::delivery_id id) -> std::optional<delivery_view> {
    const auto origin = view.store.origin_of(id);
    if (!origin || origin->integration != filter.integration) return std::nullopt;
    if (filter.endpoint && origin->endpoint != *filter.endpoint) return std::nullopt;
    delivery_view made = views.delivery(id, origin->event, origin->endpoint);
    if (filter.state && made.state != *filter.state) return std::nullopt;
    return made;
  };
  return walk<delivery_view>(*ids, bounds, view.deadline, build);
}

}  // namespace posthorn::store::sqlite
