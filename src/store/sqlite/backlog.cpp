#include "store/sqlite/backlog.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"

namespace posthorn::store::sqlite {
namespace {

// Rows of one load: enough to keep a lane busy until it asks again, few enough not to hold up the next commit.
constexpr std::int64_t load_rows_max = 512;
constexpr base::epoch_ms full_poll_ms = 250;

}  // namespace

backlog::backlog(connection& on)
    : due_rows_(on,
                "SELECT p.endpoint,p.seq,p.dlv,p.event,p.uid_hash,p.due,p.release_at,p.tries,p.attempts,p.generation,"
                "p.hold,e.integration,e.type,e.uid,e.payload,e.accepted_at FROM pending p INDEXED BY pending_due CROSS "
                "JOIN event e ON e.id=p.event "
                "WHERE p.endpoint=?1 AND p.due>=?2 AND p.due<=?3 ORDER BY p.due,p.seq LIMIT ?4") {}

base::epoch_ms backlog::load_due(commit_group& group) {
  base::epoch_ms next = never;
  base::epoch_ms oldest = never;
  for (auto& [endpoint, lane] : group.known.lanes()) {
    if (!lane.active || lane.deleted || lane.pending_rows == 0) continue;
    if (lane.not_before > group.now) {
      next = std::min(next, lane.not_before);
      continue;
    }
    // A lost "lane has room" costs no more than one interval.
    if (lane.full && group.now - lane.full_since >= full_poll_ms) lane.full = false;
    if (lane.next_due <= group.now && !lane.full) load_lane(group, endpoint, lane);
    if (lane.full) {
      oldest = std::min(oldest, lane.next_due);
      next = std::min(next, lane.full_since + full_poll_ms);
    } else {
      next = std::min(next, lane.next_due);
    }
  }
  group.count.oldest_due.store(oldest == never ? 0 : oldest, std::memory_order_relaxed);
  return next;
}

void backlog::load_lane(commit_group& group, model::endpoint_id endpoint, lane_state& lane) {
  const reading scope(due_rows_);
  const std::int64_t limit =
      load_rows_max + static_cast<std::int64_t>(std::min<std::uint64_t>(lane.rows_in_lane, load_rows_max));
  due_rows_.bind(1, endpoint).bind(2, lane.loaded_up_to).bind(3, group.now).bind(4, limit);
  std::int64_t seen = 0;
  while (due_rows_.step() == SQLITE_ROW) {
    ++seen;
    const pending_row row = read_pending(due_rows_);
    if (group.known.laned(row.delivery) || group.known.direct(row.delivery)) continue;
    const std::string_view payload = due_rows_.text(14);
    if (!group.sink.reserve(endpoint, row.lane_key, payload.size())) {
      lane.full = true;
      lane.full_since = group.now;
      lane.next_due = *row.due;
      return;
    }
    auto event = std::make_shared<const model::event_body>(
        model::event_body{row.event, due_rows_.integer(11), std::string(due_rows_.text(12)),
                          std::string(due_rows_.text(13)), std::string(payload), due_rows_.integer(15)});
    group.offers.push_back({.id = row.delivery,
                            .endpoint = endpoint,
                            .uid_hash = row.lane_key,
                            .generation = row.generation,
                            .tries = row.tries,
                            .attempts = row.attempts,
                            .first_try = row.attempts == 0,
                            .event = std::move(event)});
    group.known.add_laned(row.delivery, {.endpoint = endpoint,
                                         .seq = row.seq,
                                         .event = row.event,
                                         .lane_key = row.lane_key,
                                         .tries = row.tries,
                                         .attempts = row.attempts,
                                         .generation = row.generation,
                                         .chained = row.hold != chain_hold::none});
    lane.loaded_up_to = *row.due;
  }
  if (seen == limit) {
    // More is due. If all that was seen is in the lane already, rows of one due time fill the window: begin anew later.
    lane.next_due = lane.loaded_up_to;
    return;
  }
  lane.next_due = group.sql.least_due(endpoint, group.now + 1).value_or(never);
}

}  // namespace posthorn::store::sqlite
