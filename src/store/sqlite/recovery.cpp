#include "store/sqlite/recovery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <functional>

#include "base/limits.hpp"
#include "store/sqlite/control.hpp"
#include "store/sqlite/placement.hpp"
#include "store/sqlite/release_ramp.hpp"
#include "store/sqlite/sql_result.hpp"
#include "store/sqlite/targets.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::int64_t tail_events_per_transaction = 1'000;

constexpr std::string_view recovering = "recovering";

base::result<std::int64_t> scalar(connection& on, std::string_view sql) {
  statement query(on, sql);
  const auto found = next_row(on, query, recovering);
  if (!found) return std::unexpected(found.error());
  return *found ? query.integer(0) : 0;
}

// Of an endpoint that is gone: what is left of it is being cancelled.
lane_state& lane_of(ledger& known, model::endpoint_id endpoint) {
  if (lane_state* lane = known.lane(endpoint)) return *lane;
  lane_state& gone = known.add_lane(endpoint);
  gone.deleted = true;
  return gone;
}

// `take` for each row.
base::result<void> each_row(connection& on, std::string_view sql, const std::function<void(const statement&)>& take) {
  statement query(on, sql);
  for (;;) {
    const auto found = next_row(on, query, recovering);
    if (!found) return std::unexpected(found.error());
    if (!*found) return {};
    take(query);
  }
}

// pending → per-endpoint counts and least due, from the covering indexes alone.
base::result<std::uint64_t> count_backlog(connection& on, ledger& known) {
  std::uint64_t total = 0;
  auto read = each_row(
      on,
      "SELECT endpoint,count(*),min(due) FROM pending INDEXED BY pending_due WHERE due IS NOT NULL GROUP BY endpoint",
      [&](const statement& due) {
        lane_state& lane = lane_of(known, due.integer(0));
        lane.pending_rows += static_cast<std::uint64_t>(due.integer(1));
        lane.next_due = due.integer(2);
        total += static_cast<std::uint64_t>(due.integer(1));
      });
  if (!read) return std::unexpected(std::move(read.error()));
  read = each_row(on, "SELECT endpoint,count(*) FROM pending INDEXED BY pending_chain WHERE hold<>0 GROUP BY endpoint",
                  [&](const statement& chained) {
                    lane_of(known, chained.integer(0)).chained_rows = static_cast<std::uint64_t>(chained.integer(1));
                  });
  if (!read) return std::unexpected(std::move(read.error()));
  read = each_row(
      on, "SELECT endpoint,count(*) FROM pending INDEXED BY pending_chain WHERE hold<>0 AND hold=2 GROUP BY endpoint",
      [&](const statement& waiting) {
        lane_of(known, waiting.integer(0)).pending_rows += static_cast<std::uint64_t>(waiting.integer(1));
        total += static_cast<std::uint64_t>(waiting.integer(1));
      });
  if (!read) return std::unexpected(std::move(read.error()));
  return total;
}

// What was being released when the writer ended goes on as fast as it was, whatever the time since then.
base::result<void> resume_releases(connection& on, commit_group& group) {
  const auto ended_at = scalar(on, "SELECT value FROM meta WHERE key='engine_clock'");
  if (!ended_at) return std::unexpected(ended_at.error());
  return each_row(on, "SELECT id,release_since FROM endpoint WHERE release_since<>0 AND deleted_at IS NULL",
                  [&](const statement& row) {
                    lane_state& lane = lane_of(group.known, row.integer(0));
                    lane.release_stored = row.integer(1);
                    if (!lane.active || lane.pending_rows == 0) return;
                    const base::epoch_ms elapsed_ms = std::max<base::epoch_ms>(*ended_at - row.integer(1), 0);
                    lane.release_since = group.now - elapsed_ms;
                    lane.released = released_by(elapsed_ms);
                  });
}

struct tail_event {
  model::shared_event event;
  std::uint64_t uid_hash = 0;
  std::string targets;
};

base::result<std::vector<tail_event>> read_tail(connection& on, statement& query, std::int64_t after) {
  std::vector<tail_event> events;
  query.bind(1, after).bind(2, tail_events_per_transaction);
  const reading scope(query);
  for (;;) {
    const auto found = next_row(on, query, recovering);
    if (!found) return std::unexpected(found.error());
    if (!*found) return events;
    events.push_back({std::make_shared<const model::event_body>(
                          model::event_body{query.integer(0), query.integer(1), std::string(query.text(2)),
                                            std::string(query.text(4)), std::string(query.text(7)), query.integer(3)}),
                      static_cast<std::uint64_t>(query.integer(5)), std::string(query.text(6))});
  }
}

// A delivery that a lane holds since before the fault: known again as direct, not offered again.
void keep_direct(commit_group& group, const tail_event& of, model::endpoint_id endpoint, model::delivery_id id) {
  const lane_state& lane = lane_of(group.known, endpoint);
  const bool chained = lane.ordered && of.uid_hash != 0;
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

base::result<void> commit(connection& on, const commit_group& group) {
  const int code = group.sql.failure() != SQLITE_OK ? group.sql.failure() : on.exec("COMMIT");
  if (code == SQLITE_OK) return {};
  auto failure = on.failed(recovering, code);
  on.exec("ROLLBACK");
  return failure;
}

// What was cancelled in a lane that is gone ends now; what a lane still holds ends with its report.
base::result<void> grant_cancel_wishes(connection& on, commit_group& group) {
  std::vector<model::delivery_id> wished;
  auto read = each_row(on, "SELECT dlv FROM cancel_wish ORDER BY dlv",
                       [&](const statement& wish) { wished.push_back(wish.integer(0)); });
  if (!read) return read;
  if (wished.empty()) return {};
  if (const int code = on.exec("BEGIN IMMEDIATE"); code != SQLITE_OK) return on.failed(recovering, code);
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
  return commit(on, group);
}

}  // namespace

base::result<std::int64_t> greatest_id(connection& on) {
  // A replay's seq is an id too; the index is by endpoint, so ask endpoint by endpoint.
  constexpr const char* replayed =
      "SELECT max(p.seq) FROM endpoint e JOIN pending p ON p.endpoint=e.id AND p.seq="
      "(SELECT max(seq) FROM pending WHERE endpoint=e.id)";
  std::int64_t greatest = 0;
  for (const char* sql :
       {"SELECT value FROM meta WHERE key='last_id'", "SELECT max(id) FROM event", "SELECT max(dlv) FROM outcome",
        "SELECT max(dlv) FROM pending", "SELECT max(dlv) FROM extra_delivery", "SELECT max(id) FROM endpoint",
        "SELECT max(id) FROM deployment", "SELECT max(id) FROM company", "SELECT max(number) FROM integration",
        "SELECT max(id) FROM api_key", "SELECT max(id) FROM job", "SELECT max(id) FROM session", replayed,
        // The last event's own deliveries may have left no row yet.
        "SELECT id+length(targets)/8 FROM event ORDER BY id DESC LIMIT 1"}) {
    const auto one = scalar(on, sql);
    if (!one) return one;
    greatest = std::max(greatest, *one);
  }
  return greatest;
}

base::result<recovery_summary> recover(connection& on, commit_group& group, const directory& now_current,
                                       const std::unordered_set<model::delivery_id>& held) {
  recovery_summary summary;
  group.known.clear();
  control::adopt(group, now_current);
  const auto pending_rows = count_backlog(on, group.known);
  if (!pending_rows) return std::unexpected(pending_rows.error());
  summary.pending_rows = *pending_rows;
  group.count.pending_rows.store(summary.pending_rows, std::memory_order_relaxed);
  if (auto resumed = resume_releases(on, group); !resumed) return std::unexpected(std::move(resumed.error()));
  keep_laned(group, held);
  if (auto granted = grant_cancel_wishes(on, group); !granted) return std::unexpected(std::move(granted.error()));

  const auto stored = scalar(on, "SELECT value FROM meta WHERE key='watermark'");
  if (!stored) return std::unexpected(stored.error());
  const std::int64_t watermark = *stored;
  // An event below the watermark may have deliveries above it.
  std::int64_t after = watermark - static_cast<std::int64_t>(base::limits::endpoints_per_integration_max) - 1;
  statement tail(on,
                 "SELECT id,integration,type,accepted_at,uid,uid_hash,targets,payload FROM event WHERE id>?1 ORDER BY "
                 "id LIMIT ?2");
  statement resolved(on, "SELECT 1 FROM outcome WHERE dlv=?1 UNION ALL SELECT 1 FROM pending WHERE dlv=?1");
  for (;;) {
    const auto events = read_tail(on, tail, after);
    if (!events) return std::unexpected(events.error());
    if (events->empty()) break;
    after = events->back().event->id;
    if (const int code = on.exec("BEGIN IMMEDIATE"); code != SQLITE_OK) return on.failed(recovering, code);
    for (const tail_event& each : *events) {
      ++summary.tail_events;
      for (std::size_t k = 0; k < target_count(each.targets); ++k) {
        const model::delivery_id id = delivery_of(each.event->id, k);
        if (id <= watermark) continue;
        resolved.bind(1, id);
        const int known = resolved.step();
        resolved.reset();
        group.sql.note_failure(known);
        if (known == SQLITE_ROW) continue;
        if (held.contains(id)) {
          keep_direct(group, each, target_at(each.targets, k), id);
        } else {
          place(group, each.event, each.uid_hash, target_at(each.targets, k), id);
          ++summary.requeued;
        }
      }
    }
    if (auto done = commit(on, group); !done) return std::unexpected(std::move(done.error()));
  }
  if (const int code = group.sql.failure(); code != SQLITE_OK) return on.failed(recovering, code);
  return summary;
}

base::result<void> recall_idempotency(connection& on, idempotency_memory& memory, base::epoch_ms wall) {
  memory.begin_anew();
  const std::size_t keys_max = memory.entries_max();
  std::size_t seen = 0;
  auto read = each_row(
      on,
      fmt::format("SELECT id,key,body,at,deliveries FROM (SELECT * FROM idem ORDER BY id DESC LIMIT {}) ORDER BY id",
                  keys_max),
      [&](const statement& keys) {
        ++seen;
        if (keys.integer(3) + base::limits::idempotency_window_ms <= wall) return;
        std::array<std::uint8_t, 16> key{};
        idempotent_answer answer{
            .id = keys.integer(0), .deliveries = static_cast<std::uint32_t>(keys.integer(4)), .at = keys.integer(3)};
        const std::string_view key_bytes = keys.text(1);
        std::memcpy(key.data(), key_bytes.data(), std::min(key.size(), key_bytes.size()));
        const std::string_view body_bytes = keys.text(2);
        std::memcpy(answer.body.data(), body_bytes.data(), std::min(answer.body.size(), body_bytes.size()));
        memory.add(key, answer);
      });
  if (seen == keys_max) memory.note_older();
  return read;
}

}  // namespace posthorn::store::sqlite
