#include "store/sqlite/lane_survey.hpp"

#include <algorithm>

namespace posthorn::store::sqlite {
namespace {

// What is due in the store and not in the lane; next_due is 0 until it is looked up anew.
bool due_in_store(const lane_state& lane, base::epoch_ms now) noexcept {
  return lane.pending_rows > lane.rows_in_lane && lane.next_due <= now;
}

base::epoch_ms or_never(base::epoch_ms time) noexcept { return time > 0 ? time : never; }

}  // namespace

bool could_send(const lane_state& lane, const lane_load& load, base::epoch_ms now) noexcept {
  if (!lane.sendable(now)) return false;
  if (load.queued > 0 && load.may_start) return true;
  // A lane that holds nothing and is refused room is not full of its own.
  return due_in_store(lane, now) && (!lane.full || load.held == 0);
}

lane_watch look_again(const lane_state& lane, const lane_load& load, base::epoch_ms now) noexcept {
  if (!could_send(lane, load, now)) return {};
  const bool stands_still = lane.watch.waits_since > 0 && lane.watch.attempts_made == lane.attempts_made;
  return {.waits_since = stands_still ? lane.watch.waits_since : now, .attempts_made = lane.attempts_made};
}

backlog_map survey(ledger& known, delivery_sink& sink, counters& count, base::epoch_ms now) {
  base::epoch_ms oldest_due = never;
  base::epoch_ms stalled_since = never;
  std::uint64_t parked = 0;
  std::uint64_t deepest = 0;
  backlog_map waiting;
  for (auto& [endpoint, lane] : known.lanes()) {
    if (lane.deleted) continue;
    const lane_load load = sink.load(endpoint);
    lane.watch = look_again(lane, load, now);
    stalled_since = std::min(stalled_since, or_never(lane.watch.waits_since));
    deepest = std::max<std::uint64_t>(deepest, load.held);
    if (lane.pending_rows > 0) {
      const bool due = due_in_store(lane, now) && lane.next_due > 0;
      waiting.emplace(endpoint, endpoint_backlog{lane.pending_rows, due ? lane.next_due : 0});
    }
    if (!lane.active) parked += lane.pending_rows - std::min(lane.pending_rows, lane.rows_in_lane);
    if (lane.sendable(now) && due_in_store(lane, now)) oldest_due = std::min(oldest_due, or_never(lane.next_due));
  }
  if (const direct_delivery* direct = known.oldest_direct()) oldest_due = std::min(oldest_due, direct->since);
  for (const auto& [id, row] : known.laned_rows()) oldest_due = std::min(oldest_due, or_never(row.due));
  const auto shown = [](base::epoch_ms time) { return time == never ? 0 : time; };
  count.oldest_due.store(shown(oldest_due), std::memory_order_relaxed);
  count.stalled_since.store(shown(stalled_since), std::memory_order_relaxed);
  count.parked_rows.store(parked, std::memory_order_relaxed);
  count.deepest_lane.store(deepest, std::memory_order_relaxed);
  return waiting;
}

}  // namespace posthorn::store::sqlite
