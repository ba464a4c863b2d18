#include "store/sqlite/placement.hpp"

#include "base/limits.hpp"

namespace posthorn::store::sqlite {
namespace {

void keep_pending(commit_group& group, lane_state& lane, const pending_row& row) {
  group.sql.insert_pending(row);
  add_row(group, lane, row.hold != chain_hold::none);
  if (row.due) due_at(group, lane, *row.due);
}

base::epoch_ms due_of_first_try(const commit_group& group, const lane_state& lane) {
  return group.now + lane.first_delay_s * 1000LL;
}

pending_row waiting_row(const lane_state& lane, model::endpoint_id endpoint, std::uint64_t lane_key,
                        model::event_id event, model::delivery_id id, base::epoch_ms since) {
  pending_row row{.endpoint = endpoint, .seq = id, .delivery = id, .event = event, .lane_key = lane_key};
  row.hold = chain_hold::waiting;
  if (lane.order_wait_s > 0) row.release_at = since + lane.order_wait_s * 1000LL;
  return row;
}

// Straight to the lane, or to its chain's place in memory. False: it has to be pending.
bool keep_direct(commit_group& group, lane_state& lane, const model::shared_event& event, const direct_delivery& made,
                 bool waits) {
  if (!lane.sendable(group.now) || lane.first_delay_s != 0 ||
      !group.sink.reserve(made.endpoint, made.lane_key, event->payload.size())) {
    return false;
  }
  direct_delivery kept = made;
  if (waits) kept.body = event;
  group.known.add_direct(kept);
  if (!waits) {
    group.offers.push_back({.id = made.id,
                            .endpoint = made.endpoint,
                            .uid_hash = made.lane_key,
                            .failing_since = lane.failing_since,
                            .event = event});
  }
  return true;
}

// The chain's head has ended: the next one that waits in memory goes out.
void start_next_waiting(commit_group& group, lane_state& lane, std::uint64_t lane_key) {
  while (direct_chain* chain = lane.chain(lane_key)) {
    if (chain->waiting.empty()) return;
    direct_delivery* next = group.known.direct(chain->waiting.front());
    if (next->cancel || lane.deleted) {
      cancel_waiting(group, *next);
      continue;
    }
    if (!lane.sendable(group.now)) {
      spill_waiting(group, next->endpoint, lane_key, true);
      return;
    }
    model::shared_event event = group.known.start_waiting(*next);
    group.offers.push_back({.id = next->id,
                            .endpoint = next->endpoint,
                            .uid_hash = lane_key,
                            .failing_since = lane.failing_since,
                            .event = std::move(event)});
    return;
  }
}

}  // namespace

void place(commit_group& group, const model::shared_event& event, std::uint64_t uid_hash, model::endpoint_id endpoint,
           model::delivery_id id) {
  group.memory_changed = true;
  lane_state* lane = group.known.lane(endpoint);
  if (!lane || lane->deleted) {
    group.sql.insert_outcome(
        {.delivery = id, .endpoint = endpoint, .at = group.wall, .result = outcome_result::cancelled});
    return;
  }
  const bool chained = lane->ordered && uid_hash != 0;
  const std::uint64_t lane_key = chained ? uid_hash : spread(id);
  const direct_chain* chain = chained ? lane->chain(lane_key) : nullptr;
  const bool rows_before = chained && lane->chained_rows > 0 && group.sql.chain_busy_before(endpoint, lane_key, id);
  const bool room_in_chain = !chain || chain->waiting.size() < base::limits::chain_waiting_max;
  if (!rows_before && room_in_chain &&
      keep_direct(group, *lane, event,
                  {.id = id,
                   .event = event->id,
                   .endpoint = endpoint,
                   .lane_key = lane_key,
                   .since = group.now,
                   .chained = chained},
                  chain != nullptr)) {
    return;
  }
  if (rows_before || chain) {
    keep_pending(group, *lane, waiting_row(*lane, endpoint, lane_key, event->id, id, group.now));
    return;
  }
  keep_pending(group, *lane,
               {.endpoint = endpoint,
                .seq = id,
                .delivery = id,
                .event = event->id,
                .lane_key = lane_key,
                .due = due_of_first_try(group, *lane),
                .hold = chained ? chain_hold::head : chain_hold::none});
}

void spill(commit_group& group, direct_delivery& delivery) {
  group.memory_changed = true;
  const model::endpoint_id endpoint = delivery.endpoint;
  const std::uint64_t lane_key = delivery.lane_key;
  const bool chained = delivery.chained;
  lane_state* const lane = group.known.lane(endpoint);
  if (lane && lane->deleted) delivery.cancel = true;
  if (lane) {
    keep_pending(group, *lane,
                 {.endpoint = endpoint,
                  .seq = delivery.id,
                  .delivery = delivery.id,
                  .event = delivery.event,
                  .lane_key = lane_key,
                  .due = group.now,
                  .hold = chained ? chain_hold::head : chain_hold::none});
    group.known.add_laned(delivery.id, {.endpoint = endpoint,
                                        .seq = delivery.id,
                                        .event = delivery.event,
                                        .lane_key = lane_key,
                                        .due = delivery.since,
                                        .chained = chained,
                                        .cancel = delivery.cancel});
  }
  group.known.close_direct(delivery);
  if (chained) spill_waiting(group, endpoint, lane_key, false);
}

void cancel_waiting(commit_group& group, direct_delivery& delivery) {
  group.memory_changed = true;
  group.sink.release(delivery.endpoint, delivery.lane_key, delivery.body->payload.size());
  group.sql.insert_outcome(
      {.delivery = delivery.id, .endpoint = delivery.endpoint, .at = group.wall, .result = outcome_result::cancelled});
  group.known.close_direct(delivery);
}

void spill_waiting(commit_group& group, model::endpoint_id endpoint, std::uint64_t lane_key, bool first_is_head) {
  group.memory_changed = true;
  lane_state* lane = group.known.lane(endpoint);
  bool head = first_is_head;
  while (direct_chain* chain = lane ? lane->chain(lane_key) : nullptr) {
    if (chain->waiting.empty()) return;
    direct_delivery* next = group.known.direct(chain->waiting.front());
    if (next->cancel) {
      cancel_waiting(group, *next);
      continue;
    }
    pending_row row = waiting_row(*lane, endpoint, lane_key, next->event, next->id, next->since);
    if (head) {
      row.hold = chain_hold::head;
      row.release_at.reset();
      row.due = group.now;
      head = false;
    }
    keep_pending(group, *lane, row);
    group.sink.release(endpoint, lane_key, next->body->payload.size());
    group.known.close_direct(*next);
  }
}

void release_next(commit_group& group, model::endpoint_id endpoint, std::uint64_t lane_key) {
  lane_state* lane = group.known.lane(endpoint);
  if (!lane) return;
  start_next_waiting(group, *lane, lane_key);
  if (lane->chained_rows == 0 || lane->chain(lane_key)) return;
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
