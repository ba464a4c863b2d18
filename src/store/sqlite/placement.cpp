#include "store/sqlite/placement.hpp"

namespace posthorn::store::sqlite {
namespace {

void keep_pending(commit_group& group, lane_state& lane, const pending_row& row) {
  group.sql.insert_pending(row);
  add_row(group, lane, row.hold != chain_hold::none);
  if (row.due) due_at(group, lane, *row.due);
}

bool chain_busy(commit_group& group, const lane_state& lane, model::endpoint_id endpoint, std::uint64_t lane_key,
                std::int64_t seq) {
  if (lane.direct_chains.contains(lane_key)) return true;
  return lane.chained_rows > 0 && group.sql.chain_busy_before(endpoint, lane_key, seq);
}

}  // namespace

void place(commit_group& group, const model::shared_event& event, std::uint64_t uid_hash, model::endpoint_id endpoint,
           model::delivery_id id) {
  lane_state* lane = group.known.lane(endpoint);
  if (!lane || lane->deleted) {
    group.sql.insert_outcome(
        {.delivery = id, .endpoint = endpoint, .at = group.wall, .result = outcome_result::cancelled});
    return;
  }
  const bool chained = lane->ordered && uid_hash != 0;
  const std::uint64_t lane_key = chained ? uid_hash : spread(id);
  pending_row row{.endpoint = endpoint, .seq = id, .delivery = id, .event = event->id, .lane_key = lane_key};
  if (chained && chain_busy(group, *lane, endpoint, lane_key, id)) {
    row.hold = chain_hold::waiting;
    if (lane->order_wait_s > 0) row.release_at = group.now + lane->order_wait_s * 1000LL;
    keep_pending(group, *lane, row);
    return;
  }
  if (lane->sendable(group.now) && lane->first_delay_s == 0 &&
      group.sink.reserve(endpoint, lane_key, event->payload.size())) {
    group.known.add_direct({.id = id,
                            .event = event->id,
                            .endpoint = endpoint,
                            .lane_key = lane_key,
                            .since = group.now,
                            .chained = chained});
    group.offers.push_back({.id = id, .endpoint = endpoint, .uid_hash = lane_key, .event = event});
    return;
  }
  row.hold = chained ? chain_hold::head : chain_hold::none;
  row.due = group.now + lane->first_delay_s * 1000LL;
  keep_pending(group, *lane, row);
}

void spill(commit_group& group, direct_delivery& delivery) {
  if (lane_state* lane = group.known.lane(delivery.endpoint)) {
    const chain_hold hold = delivery.chained ? chain_hold::head : chain_hold::none;
    keep_pending(group, *lane,
                 {.endpoint = delivery.endpoint,
                  .seq = delivery.id,
                  .delivery = delivery.id,
                  .event = delivery.event,
                  .lane_key = delivery.lane_key,
                  .due = group.now,
                  .hold = hold});
    group.known.add_laned(delivery.id, {.endpoint = delivery.endpoint,
                                        .seq = delivery.id,
                                        .event = delivery.event,
                                        .lane_key = delivery.lane_key,
                                        .chained = delivery.chained,
                                        .cancel = delivery.cancel});
  }
  group.known.close_direct(delivery);
}

void release_next(commit_group& group, model::endpoint_id endpoint, std::uint64_t lane_key) {
  lane_state* lane = group.known.lane(endpoint);
  if (!lane || lane->chained_rows == 0 || lane->direct_chains.contains(lane_key)) return;
  const auto front = group.sql.chain_front(endpoint, lane_key);
  if (!front || front->hold != chain_hold::waiting) return;
  group.sql.make_due(endpoint, front->seq, group.now, chain_hold::head);
  due_at(group, *lane, group.now);
}

std::size_t release_overdue(commit_group& group, model::endpoint_id endpoint, std::size_t count) {
  lane_state* lane = group.known.lane(endpoint);
  std::size_t released = 0;
  for (; released < count; ++released) {
    const auto overdue = group.sql.first_overdue_waiting(endpoint, group.now);
    if (!overdue) break;
    group.sql.overtake_before(endpoint, overdue->lane_key, overdue->seq);
    group.sql.make_due(endpoint, overdue->seq, group.now, chain_hold::head);
    due_at(group, *lane, group.now);
  }
  return released;
}

}  // namespace posthorn::store::sqlite
