#include "store/sqlite/resender.hpp"

#include "store/sqlite/placement.hpp"
#include "store/sqlite/targets.hpp"

namespace posthorn::store::sqlite {

resender::resender(connection& on)
    : frozen_(on, "SELECT id,uid_hash,targets FROM event WHERE id<?1 ORDER BY id DESC LIMIT 1"),
      extra_(on,
             "SELECT x.event,x.endpoint,e.uid_hash FROM extra_delivery x CROSS JOIN event e ON e.id=x.event "
             "WHERE x.dlv=?1"),
      outcome_(on, "SELECT attempts,generation,evidence FROM outcome WHERE dlv=?1") {}

std::optional<delivery_owner> resender::owner_of(commit_group& group, model::delivery_id id) {
  {
    const reading scope(frozen_.bind(1, id));
    const int code = frozen_.step();
    group.sql.note_failure(code);
    if (code == SQLITE_ROW) {
      const model::event_id event = frozen_.integer(0);
      const std::string_view targets = frozen_.text(2);
      const auto k = static_cast<std::size_t>(id - event - 1);
      if (k < target_count(targets)) {
        return delivery_owner{event, target_at(targets, k), static_cast<std::uint64_t>(frozen_.integer(1))};
      }
    }
  }
  const reading scope(extra_.bind(1, id));
  const int code = extra_.step();
  group.sql.note_failure(code);
  if (code != SQLITE_ROW) return std::nullopt;
  return delivery_owner{extra_.integer(0), extra_.integer(1), static_cast<std::uint64_t>(extra_.integer(2))};
}

std::optional<replay_result> resender::again(commit_group& group, model::delivery_id id, const delivery_owner& of) {
  if (group.known.direct(id)) return replay_result::sending;
  const auto row = group.sql.find_pending(id);
  if (!row) return again_if_ended(group, id, of);
  if (row->hold == chain_hold::waiting) return replay_result::waiting;
  if (laned_row* laned = group.known.laned(id)) {
    // Whoever asks for it again after cancelling it wants it to go on.
    group.memory_changed = true;
    if (laned->cancel) group.sql.delete_cancel_wish(id);
    laned->cancel = false;
    return replay_result::sending;
  }
  lane_state* lane = group.known.lane(row->endpoint);
  if (!lane || lane->deleted) return replay_result::endpoint_gone;
  group.sql.make_due(row->endpoint, row->seq, group.now, row->hold);
  due_at(group, *lane, group.now);
  return replay_result::due_now;
}

std::optional<replay_result> resender::again_if_ended(commit_group& group, model::delivery_id id,
                                                      const delivery_owner& of) {
  const reading scope(outcome_.bind(1, id));
  const int code = outcome_.step();
  group.sql.note_failure(code);
  if (code != SQLITE_ROW) return std::nullopt;
  lane_state* lane = group.known.lane(of.endpoint);
  if (!lane || lane->deleted) return replay_result::endpoint_gone;
  const pending_row row{.endpoint = of.endpoint,
                        .seq = group.ids.take(1, group.wall),
                        .delivery = id,
                        .event = of.event,
                        .attempts = static_cast<std::int32_t>(outcome_.integer(0)),
                        .generation = static_cast<std::int32_t>(outcome_.integer(1)) + 1};
  if (const std::string_view evidence = outcome_.text(2); !evidence.empty()) {
    group.sql.insert_attempt(id, row.attempts, evidence);
  }
  outcome_.reset();  // before its row goes
  group.sql.delete_outcome(id);
  make_pending(group, *lane, row, of.uid_hash);
  return replay_result::requeued;
}

std::optional<model::delivery_id> resender::add(commit_group& group, const delivery_owner& of) {
  lane_state* lane = group.known.lane(of.endpoint);
  if (!lane || lane->deleted) return std::nullopt;
  const model::delivery_id id = group.ids.take(1, group.wall);
  group.sql.insert_extra(id, of.event, of.endpoint);
  make_pending(group, *lane, {.endpoint = of.endpoint, .seq = id, .delivery = id, .event = of.event}, of.uid_hash);
  return id;
}

void resender::make_pending(commit_group& group, lane_state& lane, pending_row row, std::uint64_t uid_hash) {
  const bool chained = lane.ordered && uid_hash != 0;
  row.lane_key = chained ? uid_hash : spread(row.delivery);
  row.due = group.now;
  if (chained) {
    const bool busy =
        lane.chain(uid_hash) || (lane.chained_rows > 0 && group.sql.chain_busy_before(row.endpoint, uid_hash, row.seq));
    row.hold = busy ? chain_hold::waiting : chain_hold::head;
    if (busy) row.due.reset();
    if (busy && lane.order_wait_s > 0) row.release_at = group.now + lane.order_wait_s * 1000LL;
  }
  group.sql.insert_pending(row);
  add_row(group, lane, chained);
  if (row.due) due_at(group, lane, *row.due);
}

}  // namespace posthorn::store::sqlite
