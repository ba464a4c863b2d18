#include "store/sqlite/backlog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/boundary.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "store/sqlite/release_ramp.hpp"

namespace posthorn::store::sqlite {
namespace {

// Rows of one load: enough to keep a lane busy until it asks again, few enough not to hold up the next commit.
constexpr std::int64_t load_rows_max = 512;
constexpr base::epoch_ms full_poll_ms = 250;
constexpr base::epoch_ms release_step_ms = 50;
// What cannot be read is tried again then; meanwhile what can be read goes out.
constexpr base::epoch_ms unreadable_retry_ms = 10'000;
constexpr std::int64_t probe_rows = 8;

// Whether reading rows of the backlog ended otherwise than with the last one.
bool is_broken(int code, model::endpoint_id endpoint) {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return false;
  base::log_error("backlog_unreadable",
                  {{"endpoint", base::format_id(base::endpoint_prefix, endpoint)}, {"code", code}});
  return true;
}

}  // namespace

backlog::backlog(connection& on)
    : due_rows_(on, fmt::format("SELECT {} FROM pending INDEXED BY pending_due WHERE endpoint=?1 AND due>=?2 AND "
                                "due<=?3 ORDER BY due,seq LIMIT ?4",
                                pending_columns)),
      event_(on, "SELECT integration,type,uid,payload,accepted_at FROM event WHERE id=?1") {}

base::epoch_ms backlog::load_due(commit_group& group) {
  base::epoch_ms next = never;
  for (auto& [endpoint, lane] : group.known.lanes()) {
    if (lane.deleted || lane.pending_rows == 0) continue;
    if (!lane.active && !lane.degraded) continue;
    try {
      next = std::min(next, lane.active ? load_active(group, endpoint, lane) : load_probe(group, endpoint, lane));
    } catch (const base::thrown_error& damaged) {
      // A row that cannot be read, before anything was done with it: the other lanes go on.
      base::log_contained("loading the backlog", base::format_id(base::endpoint_prefix, endpoint), damaged.why());
      lane.next_due = group.now + unreadable_retry_ms;
      next = std::min(next, lane.next_due);
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
  due_rows_.bind(1, endpoint).bind(2, 0).bind(3, group.now);
  due_rows_.bind(4, static_cast<std::int64_t>(lane.rows_in_lane) + probe_rows);
  bool unreadable = false;
  int code = due_rows_.step();
  for (; code == SQLITE_ROW; code = due_rows_.step()) {
    const pending_row row = read_pending(due_rows_);
    if (group.known.laned(row.delivery) || group.known.direct(row.delivery)) continue;
    switch (offer(group, lane, row, true)) {
      case offered::no_room: return group.now + full_poll_ms;
      case offered::unreadable: unreadable = true; continue;
      case offered::yes: lane.probe = row.delivery; return never;
    }
  }
  if (unreadable || is_broken(code, endpoint)) return lane.next_due = group.now + unreadable_retry_ms;
  lane.next_due = next_due(group, endpoint);
  return lane.sendable_from(lane.next_due);
}

base::epoch_ms backlog::next_due(commit_group& group, model::endpoint_id endpoint) {
  const auto next = group.sql.least_due(endpoint, group.now + 1);
  const bool unread = is_broken(group.sql.failure(), endpoint);
  group.sql.forget_failure();  // which is of this lane alone
  return unread ? group.now + unreadable_retry_ms : next.value_or(never);
}

backlog::offered backlog::offer(commit_group& group, const lane_state& lane, const pending_row& row, bool probe) {
  const reading scope(event_.bind(1, row.event));
  if (const int code = event_.step(); code != SQLITE_ROW) {
    base::log_error("event_unreadable",
                    {{"delivery", base::format_id(base::delivery_prefix, row.delivery)}, {"code", code}});
    return offered::unreadable;
  }
  const std::string_view payload = event_.text(3);
  if (!group.sink.reserve(row.endpoint, row.lane_key, payload.size())) return offered::no_room;
  auto event = std::make_shared<const model::event_body>(
      model::event_body{row.event, event_.integer(0), std::string(event_.text(1)), std::string(event_.text(2)),
                        std::string(payload), event_.integer(4)});
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
  return offered::yes;
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
  std::optional<base::epoch_ms> unread_from;
  int code = SQLITE_ROW;
  while (loaded < allowed) {
    code = due_rows_.step();
    if (code != SQLITE_ROW) break;
    ++seen;
    const pending_row row = read_pending(due_rows_);
    if (group.known.laned(row.delivery) || group.known.direct(row.delivery)) continue;
    const offered one = offer(group, lane, row, false);
    if (one == offered::no_room) {
      lane.full = true;
      lane.full_since = group.now;
      lane.next_due = *row.due;
      break;
    }
    if (one == offered::unreadable) {
      if (!unread_from) unread_from = row.due;
      continue;
    }
    ++loaded;
    lane.loaded_up_to = *row.due;
  }
  lane.released += loaded;
  if (unread_from) lane.loaded_up_to = std::min(lane.loaded_up_to, *unread_from);
  if (lane.full) return;
  if (is_broken(code, endpoint) || (unread_from && loaded == 0)) {
    lane.next_due = group.now + unreadable_retry_ms;
    return;
  }
  if (seen == limit || loaded == allowed) {
    // More may be due.
    lane.next_due = lane.loaded_up_to;
    return;
  }
  lane.release_since = 0;
  lane.next_due = next_due(group, endpoint);
  if (unread_from) lane.next_due = std::min(lane.next_due, group.now + unreadable_retry_ms);
}

}  // namespace posthorn::store::sqlite
