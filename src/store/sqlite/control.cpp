#include "store/sqlite/control.hpp"

#include "store/sqlite/evidence.hpp"
#include "store/sqlite/placement.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::size_t step_rows_max = 500;

std::unexpected<base::error> no_delivery() { return base::fail(base::fault::not_found, "there is no such delivery"); }

void cancel_row(commit_group& group, lane_state* lane, const pending_row& row) {
  group.sql.delete_pending(row.endpoint, row.seq);
  group.sql.insert_outcome({.delivery = row.delivery,
                            .endpoint = row.endpoint,
                            .at = group.wall,
                            .result = outcome_result::cancelled,
                            .attempts = row.attempts,
                            .generation = row.generation});
  if (lane) drop_row(group, *lane, row.hold != chain_hold::none);
}

}  // namespace

control::control(connection& on)
    : outcome_(on, "SELECT endpoint,result,attempts,generation,evidence FROM outcome WHERE dlv=?1"),
      event_exists_(on, "SELECT uid_hash FROM event WHERE id=?1"),
      delivery_event_(on, "SELECT id FROM event WHERE id<?1 ORDER BY id DESC LIMIT 1") {}

base::result<void> control::retry(commit_group& group, model::delivery_id id) {
  if (group.known.direct(id)) return {};
  const auto row = group.sql.find_pending(id);
  if (!row) return retry_finished(group, id);
  if (row->hold == chain_hold::waiting) {
    return base::fail(base::fault::not_acceptable_now,
                      "this delivery waits for an earlier one of its uid: retry or cancel that one");
  }
  if (group.known.laned(id)) return {};
  group.sql.make_due(row->endpoint, row->seq, group.now, row->hold);
  if (lane_state* lane = group.known.lane(row->endpoint)) due_at(group, *lane, group.now);
  return {};
}

base::result<void> control::retry_finished(commit_group& group, model::delivery_id id) {
  outcome_.bind(1, id);
  const reading scope(outcome_);
  if (outcome_.step() != SQLITE_ROW) return no_delivery();
  const model::endpoint_id endpoint = outcome_.integer(0);
  if (outcome_.integer(1) == static_cast<std::int64_t>(outcome_result::delivered)) {
    return base::fail(base::fault::not_acceptable_now, "this delivery has arrived: replay its event to send it again");
  }
  lane_state* lane = group.known.lane(endpoint);
  if (!lane || lane->deleted) {
    return base::fail(base::fault::not_acceptable_now, "this delivery's endpoint was deleted");
  }
  delivery_event_.bind(1, id);
  const reading event_scope(delivery_event_);
  if (delivery_event_.step() != SQLITE_ROW) return no_delivery();
  const model::event_id event = delivery_event_.integer(0);
  event_exists_.bind(1, event);
  const reading hash_scope(event_exists_);
  if (event_exists_.step() != SQLITE_ROW) return no_delivery();
  const auto uid_hash = static_cast<std::uint64_t>(event_exists_.integer(0));

  const bool chained = lane->ordered && uid_hash != 0;
  pending_row row{.endpoint = endpoint,
                  .seq = group.ids.take(1, group.wall),
                  .delivery = id,
                  .event = event,
                  .lane_key = chained ? uid_hash : spread(id),
                  .due = group.now,

                  .attempts = static_cast<std::int32_t>(outcome_.integer(2)),
                  .generation = static_cast<std::int32_t>(outcome_.integer(3)) + 1};
  if (chained) {
    const bool busy =
        lane->chain(uid_hash) || (lane->chained_rows > 0 && group.sql.chain_busy_before(endpoint, uid_hash, row.seq));
    row.hold = busy ? chain_hold::waiting : chain_hold::head;
    if (busy) row.due.reset();
    if (busy && lane->order_wait_s > 0) row.release_at = group.now + lane->order_wait_s * 1000LL;
  }
  if (const std::string_view evidence = outcome_.text(4); !evidence.empty()) {
    group.sql.insert_attempt(id, row.attempts, evidence);
  }
  group.sql.delete_outcome(id);
  group.sql.insert_pending(row);
  add_row(group, *lane, chained);
  if (row.due) due_at(group, *lane, *row.due);
  return {};
}

base::result<void> control::cancel(commit_group& group, model::delivery_id id) {
  // In a lane it may be on the wire: the report decides, and a delivered result wins.
  if (direct_delivery* direct = group.known.direct(id)) {
    direct->cancel = true;
    return {};
  }
  if (laned_row* laned = group.known.laned(id)) {
    laned->cancel = true;
    return {};
  }
  const auto row = group.sql.find_pending(id);
  if (!row) {
    outcome_.bind(1, id);
    const reading scope(outcome_);
    if (outcome_.step() != SQLITE_ROW) return no_delivery();
    return base::fail(base::fault::not_acceptable_now, "this delivery has ended already");
  }
  cancel_row(group, group.known.lane(row->endpoint), *row);
  if (row->hold == chain_hold::head) release_next(group, row->endpoint, row->lane_key);
  return {};
}

void control::adopt(commit_group& group, const directory& now_current) {
  for (const auto& [id, endpoint] : now_current.endpoints) {
    const bool known = group.known.lane(id) != nullptr;
    lane_state& lane = group.known.add_lane(id);
    const bool active = endpoint->state == model::endpoint_state::active;
    if (!known) lane.not_before = endpoint->not_before;
    if (active && !lane.active) {
      lane.full = false;
      lane.loaded_up_to = 0;
      lane.next_due = lane.pending_rows > 0 ? 0 : never;
    }
    lane.integration = endpoint->integration;
    lane.active = active;
    lane.ordered = endpoint->order == model::order_rule::per_uid;
    lane.order_wait_s = endpoint->order_wait_max_s;
    lane.first_delay_s = endpoint->retry.schedule_s.empty() ? 0 : endpoint->retry.schedule_s.front();
  }
  for (auto& [id, lane] : group.known.lanes()) lane.deleted = !now_current.endpoints.contains(id);
}

bool control::step(commit_group& group) {
  bool more = false;
  for (auto& [endpoint, lane] : group.known.lanes()) {
    std::vector<pending_row> found;
    const auto keep = [&](const pending_row& row) {
      if (!group.known.laned(row.delivery)) found.push_back(row);
    };
    if (lane.deleted && lane.pending_rows > lane.rows_in_lane) {
      group.sql.each_pending(endpoint, step_rows_max, keep);
      for (const pending_row& row : found) cancel_row(group, &lane, row);
      more = more || !found.empty();
    } else if (!lane.ordered && (lane.chained_rows > 0 || !lane.direct_chains.empty())) {
      std::vector<std::uint64_t> chains;
      for (const auto& [lane_key, chain] : lane.direct_chains) chains.push_back(lane_key);
      for (const std::uint64_t lane_key : chains) spill_waiting(group, endpoint, lane_key, false);
      group.sql.each_chained(endpoint, step_rows_max, [&](const pending_row& row) { found.push_back(row); });
      for (const pending_row& row : found) {
        group.sql.make_due(endpoint, row.seq, row.due.value_or(group.now), chain_hold::none);
        due_at(group, lane, group.now);
      }
      if (found.empty()) lane.chained_rows = 0;
      more = more || !found.empty();
    }
  }
  return more;
}

}  // namespace posthorn::store::sqlite
