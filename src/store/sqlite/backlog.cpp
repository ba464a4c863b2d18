#include "store/sqlite/backlog.hpp"

#include <fmt/format.h>

#include "store/sqlite/release_ramp.hpp"

namespace posthorn::store::sqlite {
namespace {

// Rows of one load: enough to keep a lane busy until it asks again, few enough not to hold up the next commit.
constexpr std::int64_t load_rows_max = 512;
constexpr base::epoch_ms full_poll_ms = 250;
constexpr base::epoch_ms release_step_ms = 50;

}  // namespace

backlog::backlog(connection& on)
    : due_rows_(on,
                "SELECT p.endpoint,p.seq,p.dlv,p.event,p.uid_hash,p.due,p.release_at,p.tries,p.attempts,p.generation,"
                "p.hold,e.integration,e.type,e.uid,e.payload,e.accepted_at FROM pending p INDEXED BY pending_due CROSS "
                "JOIN event e ON e.id=p.event "
                "WHERE p.endpoint=?1 AND p.due>=?2 AND p.due<=?3 ORDER BY p.due,p.seq LIMIT ?4") {}

base::epoch_ms backlog::load_due(commit_group& group) {
  base::epoch_ms next = never;
  for (auto& [endpoint, lane] : group.known.lanes()) {
    if (lane.deleted || lane.pending_rows == 0) continue;
    if (lane.active) {
      next = std::min(next, load_active(group, endpoint, lane));
    } else if (lane.degraded) {
      next = std::min(next, load_probe(group, endpoint, lane));
    }
  }
  return next;
}

base::epoch_ms backlog::load_active(commit_group& group, model::endpoint_id endpoint, lane_state& lane) {
  if (lane.not_before > group.now) return lane.not_before;
  // A lost "lane has room" costs no more than one interval.
  if (lane.full && group.now - lane.full_since >= full_poll_ms) lane.full = false;
  if (lane.next_due <= group.now && !lane.full) load_lane(group, endpoint, lane);
  if (lane.full) return lane.full_since + full_poll_ms;
  const bool used_up = lane.release_since != 0 && released_by(group.now - lane.release_since) <= lane.released;
  return used_up ? std::max(lane.next_due, group.now + release_step_ms) : lane.next_due;
}

// The row that is due for longest: a row that was tried is due later by its wait, so one that always fails goes behind
// all the others, and none of them can keep the endpoint from being tried with what it may take.
base::epoch_ms backlog::load_probe(commit_group& group, model::endpoint_id endpoint, lane_state& lane) {
  const base::epoch_ms from = lane.sendable_from(lane.next_due);
  if (from > group.now) return from;
  const reading scope(due_rows_);
  // What was in the lane when the breaker opened may be out still.
  due_rows_.bind(1, endpoint).bind(2, 0).bind(3, group.now).bind(4, static_cast<std::int64_t>(lane.rows_in_lane) + 1);
  while (due_rows_.step() == SQLITE_ROW) {
    const pending_row row = read_pending(due_rows_);
    if (group.known.laned(row.delivery) || group.known.direct(row.delivery)) continue;
    if (!offer(group, lane, row, true)) return group.now + full_poll_ms;
    lane.probe = row.delivery;
    return never;
  }
  lane.next_due = group.sql.least_due(endpoint, group.now + 1).value_or(never);
  return lane.sendable_from(lane.next_due);
}

bool backlog::offer(commit_group& group, const lane_state& lane, const pending_row& row, bool probe) {
  const std::string_view payload = due_rows_.text(14);
  if (!group.sink.reserve(row.endpoint, row.lane_key, payload.size())) return false;
  auto event = std::make_shared<const model::event_body>(
      model::event_body{row.event, due_rows_.integer(11), std::string(due_rows_.text(12)),
                        std::string(due_rows_.text(13)), std::string(payload), due_rows_.integer(15)});
  group.offers.push_back({.id = row.delivery,
                          .endpoint = row.endpoint,
                          .uid_hash = row.lane_key,
                          .generation = row.generation,
                          .tries = row.tries,
                          .attempts = row.attempts,
                          .first_try = row.attempts == 0,
                          .probe = probe,
                          .probes_failed = lane.probes_failed,
                          .failing_since = lane.failing_since,
                          .event = std::move(event)});
  group.known.add_laned(row.delivery, {.endpoint = row.endpoint,
                                       .seq = row.seq,
                                       .event = row.event,
                                       .lane_key = row.lane_key,
                                       .due = row.due.value_or(group.now),
                                       .tries = row.tries,
                                       .attempts = row.attempts,
                                       .generation = row.generation,
                                       .chained = row.hold != chain_hold::none});
  return true;
}

void backlog::load_lane(commit_group& group, model::endpoint_id endpoint, lane_state& lane) {
  const std::int64_t allowed =
      lane.release_since == 0 ? never : released_by(group.now - lane.release_since) - lane.released;
  if (allowed <= 0) return;
  const reading scope(due_rows_);
  // Many rows may have one due time (a lane gives back all at once), so all that are in the lane may be seen first.
  const std::int64_t limit = load_rows_max + static_cast<std::int64_t>(lane.rows_in_lane);
  due_rows_.bind(1, endpoint).bind(2, lane.loaded_up_to).bind(3, group.now).bind(4, limit);
  std::int64_t seen = 0;
  std::int64_t loaded = 0;
  while (loaded < allowed && due_rows_.step() == SQLITE_ROW) {
    ++seen;
    const pending_row row = read_pending(due_rows_);
    if (group.known.laned(row.delivery) || group.known.direct(row.delivery)) continue;
    if (!offer(group, lane, row, false)) {
      lane.full = true;
      lane.full_since = group.now;
      lane.next_due = *row.due;
      lane.released += loaded;
      return;
    }
    ++loaded;
    lane.loaded_up_to = *row.due;
  }
  lane.released += loaded;
  if (seen == limit || loaded == allowed) {
    // More may be due.
    lane.next_due = lane.loaded_up_to;
    return;
  }
  lane.release_since = 0;
  lane.next_due = group.sql.least_due(endpoint, group.now + 1).value_or(never);
}

}  // namespace posthorn::store::sqlite
