#include "store/sqlite/recovery.hpp"

#include <algorithm>
#include <cstring>

#include "base/limits.hpp"
#include "store/sqlite/control.hpp"
#include "store/sqlite/placement.hpp"
#include "store/sqlite/targets.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::int64_t tail_events_per_transaction = 1'000;

std::int64_t scalar(connection& on, std::string_view sql) {
  statement query(on, sql);
  return query.step() == SQLITE_ROW ? query.integer(0) : 0;
}

// pending → per-endpoint counts and least due, from the covering indexes alone.
std::uint64_t count_backlog(connection& on, ledger& known) {
  std::uint64_t total = 0;
  const auto lane_of = [&](model::endpoint_id endpoint) -> lane_state& {
    if (lane_state* lane = known.lane(endpoint)) return *lane;
    lane_state& gone = known.add_lane(endpoint);
    gone.deleted = true;
    return gone;
  };
  statement due(
      on,
      "SELECT endpoint,count(*),min(due) FROM pending INDEXED BY pending_due WHERE due IS NOT NULL GROUP BY endpoint");
  while (due.step() == SQLITE_ROW) {
    lane_state& lane = lane_of(due.integer(0));
    lane.pending_rows += static_cast<std::uint64_t>(due.integer(1));
    lane.next_due = due.integer(2);
    total += static_cast<std::uint64_t>(due.integer(1));
  }
  statement chained(on,
                    "SELECT endpoint,count(*) FROM pending INDEXED BY pending_chain WHERE hold<>0 GROUP BY endpoint");
  while (chained.step() == SQLITE_ROW) {
    lane_of(chained.integer(0)).chained_rows = static_cast<std::uint64_t>(chained.integer(1));
  }
  statement waiting(
      on, "SELECT endpoint,count(*) FROM pending INDEXED BY pending_chain WHERE hold<>0 AND hold=2 GROUP BY endpoint");
  while (waiting.step() == SQLITE_ROW) {
    lane_of(waiting.integer(0)).pending_rows += static_cast<std::uint64_t>(waiting.integer(1));
    total += static_cast<std::uint64_t>(waiting.integer(1));
  }
  return total;
}

struct tail_event {
  model::shared_event event;
  std::uint64_t uid_hash = 0;
  std::string targets;
};

std::vector<tail_event> read_tail(statement& query, std::int64_t after) {
  std::vector<tail_event> events;
  query.bind(1, after).bind(2, tail_events_per_transaction);
  const reading scope(query);
  while (query.step() == SQLITE_ROW) {
    events.push_back({std::make_shared<const model::event_body>(
                          model::event_body{query.integer(0), query.integer(1), std::string(query.text(2)),
                                            std::string(query.text(4)), std::string(query.text(7)), query.integer(3)}),
                      static_cast<std::uint64_t>(query.integer(5)), std::string(query.text(6))});
  }
  return events;
}

// A delivery that a lane holds since before the fault: known again as direct, not offered again.
void keep_direct(commit_group& group, const tail_event& of, model::endpoint_id endpoint, model::delivery_id id) {
  const lane_state* lane = group.known.lane(endpoint);
  const bool chained = lane && lane->ordered && of.uid_hash != 0;
  group.known.add_direct({.id = id,
                          .event = of.event->id,
                          .endpoint = endpoint,
                          .lane_key = chained ? of.uid_hash : spread(id),
                          .since = group.now,
                          .chained = chained});
}

void keep_laned(commit_group& group, const std::unordered_set<model::delivery_id>& held) {
  for (const model::delivery_id id : held) {
    const auto row = group.sql.find_pending(id);
    if (!row) continue;
    group.known.add_laned(id, {.endpoint = row->endpoint,
                               .seq = row->seq,
                               .event = row->event,
                               .lane_key = row->lane_key,
                               .due = row->due.value_or(group.now),
                               .tries = row->tries,
                               .attempts = row->attempts,
                               .generation = row->generation,
                               .chained = row->hold != chain_hold::none});
    // Which one is the probe was forgotten; until all are reported, there is no need of another.
    if (lane_state* lane = group.known.lane(row->endpoint); lane && lane->degraded) lane->probe = id;
  }
}

// What was cancelled in a lane that is gone ends now; what a lane still holds ends with its report.
base::result<void> grant_cancel_wishes(connection& on, commit_group& group) {
  std::vector<model::delivery_id> wished;
  statement wishes(on, "SELECT dlv FROM cancel_wish ORDER BY dlv");
  while (wishes.step() == SQLITE_ROW) wished.push_back(wishes.integer(0));
  wishes.reset();
  if (wished.empty()) return {};
  if (const int code = on.exec("BEGIN IMMEDIATE"); code != SQLITE_OK) return on.failed("recovering", code);
  for (const model::delivery_id id : wished) {
    if (laned_row* held = group.known.laned(id)) {
      held->cancel = true;
      continue;
    }
    if (const auto row = group.sql.find_pending(id)) {
      cancel_row(group, group.known.lane(row->endpoint), *row);
      if (row->hold == chain_hold::head) release_next(group, row->endpoint, row->lane_key);
    }
    group.sql.delete_cancel_wish(id);
  }
  const int code = group.sql.failure() != SQLITE_OK ? group.sql.failure() : on.exec("COMMIT");
  if (code == SQLITE_OK) return {};
  auto failure = on.failed("recovering", code);
  on.exec("ROLLBACK");
  return failure;
}

}  // namespace

std::int64_t greatest_id(connection& on) {
  std::int64_t greatest = scalar(on, "SELECT value FROM meta WHERE key='last_id'");
  for (const char* sql :
       {"SELECT max(id) FROM event", "SELECT max(dlv) FROM outcome", "SELECT max(dlv) FROM pending",
        "SELECT max(dlv) FROM extra_delivery", "SELECT max(id) FROM endpoint", "SELECT max(id) FROM deployment",
        "SELECT max(id) FROM company", "SELECT max(number) FROM integration", "SELECT max(id) FROM api_key",
        "SELECT max(id) FROM job", "SELECT max(id) FROM session"}) {
    greatest = std::max(greatest, scalar(on, sql));
  }
  // A replay's seq is an id too; the index is by endpoint, so ask endpoint by endpoint.
  statement seqs(on,
                 "SELECT max(p.seq) FROM endpoint e JOIN pending p ON p.endpoint=e.id AND p.seq="
                 "(SELECT max(seq) FROM pending WHERE endpoint=e.id)");
  if (seqs.step() == SQLITE_ROW) greatest = std::max(greatest, seqs.integer(0));
  // The last event's own deliveries may have left no row yet.
  statement last(on, "SELECT id,length(targets)/8 FROM event ORDER BY id DESC LIMIT 1");
  if (last.step() == SQLITE_ROW) greatest = std::max(greatest, last.integer(0) + last.integer(1));
  return greatest;
}

base::result<recovery_summary> recover(connection& on, commit_group& group, const directory& now_current,
                                       const std::unordered_set<model::delivery_id>& held) {
  recovery_summary summary;
  group.known.clear();
  control::adopt(group, now_current);
  summary.pending_rows = count_backlog(on, group.known);
  group.count.pending_rows.store(summary.pending_rows, std::memory_order_relaxed);
  keep_laned(group, held);
  if (auto granted = grant_cancel_wishes(on, group); !granted) return std::unexpected(std::move(granted.error()));

  const std::int64_t watermark = scalar(on, "SELECT value FROM meta WHERE key='watermark'");
  // An event below the watermark may have deliveries above it.
  std::int64_t after = watermark - static_cast<std::int64_t>(base::limits::endpoints_per_integration_max) - 1;
  statement tail(on,
                 "SELECT id,integration,type,accepted_at,uid,uid_hash,targets,payload FROM event WHERE id>?1 ORDER BY "
                 "id LIMIT ?2");
  statement resolved(on, "SELECT 1 FROM outcome WHERE dlv=?1 UNION ALL SELECT 1 FROM pending WHERE dlv=?1");
  for (;;) {
    const std::vector<tail_event> events = read_tail(tail, after);
    if (events.empty()) break;
    after = events.back().event->id;
    if (const int code = on.exec("BEGIN IMMEDIATE"); code != SQLITE_OK) return on.failed("recovering", code);
    for (const tail_event& each : events) {
      ++summary.tail_events;
      for (std::size_t k = 0; k < target_count(each.targets); ++k) {
        const model::delivery_id id = delivery_of(each.event->id, k);
        if (id <= watermark) continue;
        resolved.bind(1, id);
        const bool known = resolved.step() == SQLITE_ROW;
        resolved.reset();
        if (known) continue;
        if (held.contains(id)) {
          keep_direct(group, each, target_at(each.targets, k), id);
        } else {
          place(group, each.event, each.uid_hash, target_at(each.targets, k), id);
          ++summary.requeued;
        }
      }
    }
    const int code = group.sql.failure() != SQLITE_OK ? group.sql.failure() : on.exec("COMMIT");
    if (code != SQLITE_OK) {
      auto failure = on.failed("recovering", code);
      on.exec("ROLLBACK");
      return failure;
    }
  }
  return summary;
}

void recall_idempotency(connection& on, idempotency_memory& memory, base::epoch_ms wall) {
  statement keys(on,
                 "SELECT id,key,body,at,deliveries FROM (SELECT * FROM idem ORDER BY id DESC LIMIT ?1) ORDER BY id");
  keys.bind(1, static_cast<std::int64_t>(base::limits::idempotency_entries_in_memory_max));
  while (keys.step() == SQLITE_ROW) {
    if (keys.integer(3) + base::limits::idempotency_window_ms <= wall) continue;
    std::array<std::uint8_t, 16> key{};
    idempotent_answer answer{
        .id = keys.integer(0), .deliveries = static_cast<std::uint32_t>(keys.integer(4)), .at = keys.integer(3)};
    const std::string_view key_bytes = keys.text(1);
    std::memcpy(key.data(), key_bytes.data(), std::min(key.size(), key_bytes.size()));
    const std::string_view body_bytes = keys.text(2);
    std::memcpy(answer.body.data(), body_bytes.data(), std::min(answer.body.size(), body_bytes.size()));
    memory.add(key, answer);
  }
}

}  // namespace posthorn::store::sqlite
