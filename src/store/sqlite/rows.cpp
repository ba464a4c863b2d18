#include "store/sqlite/rows.hpp"

#include <fmt/format.h>

#include "store/sqlite/stored_value.hpp"

namespace posthorn::store::sqlite {
namespace {

// Each look-up names its index: the planner knows nothing of how few rows a chain has, and would rather walk all rows
// of the endpoint in `seq` order.
std::string select_pending(std::string_view rest) {
  return fmt::format("SELECT {} FROM pending {}", pending_columns, rest);
}

std::string_view bytes_of(const std::array<std::uint8_t, 16>& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

pending_row read_pending(const statement& from, int first) {
  pending_row row;
  row.endpoint = from.integer(first);
  row.seq = from.integer(first + 1);
  row.delivery = from.integer(first + 2);
  row.event = from.integer(first + 3);
  row.lane_key = static_cast<std::uint64_t>(from.integer(first + 4));
  if (!from.is_null(first + 5)) row.due = from.integer(first + 5);
  if (!from.is_null(first + 6)) row.release_at = from.integer(first + 6);
  row.tries = static_cast<std::int32_t>(from.integer(first + 7));
  row.attempts = static_cast<std::int32_t>(from.integer(first + 8));
  row.generation = static_cast<std::int32_t>(from.integer(first + 9));
  row.hold = stored_number(from.integer(first + 10), chain_hold::waiting, {"pending", row.delivery}, "hold");
  return row;
}

outcome_result result_at(const statement& from, int column, model::delivery_id of) {
  return stored_number(from.integer(column), outcome_result::cancelled, {"outcome", of}, "result");
}

rows::rows(connection& on)
    : insert_event_(on,
                    "INSERT INTO event(id,integration,type,accepted_at,uid,uid_hash,targets,payload) "
                    "VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"),
      insert_idempotency_(on, "INSERT INTO idem(id,key,body,at,deliveries) VALUES(?1,?2,?3,?4,?5)"),
      insert_outcome_(on,
                      "INSERT INTO outcome(dlv,endpoint,at,result,attempts,generation,config_version,evidence) "
                      "VALUES(?1,?2,?3,?4,?5,?6,?7,?8)"),
      delete_outcome_(on, "DELETE FROM outcome WHERE dlv=?1"),
      insert_attempt_(on, "INSERT OR REPLACE INTO attempt(dlv,number,evidence) VALUES(?1,?2,?3)"),
      insert_tick_(on, "INSERT OR IGNORE INTO tick(minute,first_id) VALUES(?1,?2)"),
      set_meta_(on, "INSERT INTO meta(key,value) VALUES(?1,?2) ON CONFLICT(key) DO UPDATE SET value=excluded.value"),
      insert_pending_(
          on, fmt::format("INSERT INTO pending({}) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)", pending_columns)),
      make_due_(on, "UPDATE pending SET due=?3,hold=?4,release_at=NULL WHERE endpoint=?1 AND seq=?2"),
      plan_retry_(on, "UPDATE pending SET due=?3,tries=?4,attempts=?5 WHERE endpoint=?1 AND seq=?2"),
      delete_pending_(on, "DELETE FROM pending WHERE endpoint=?1 AND seq=?2"),
      find_pending_(on, select_pending("WHERE dlv=?1")),
      chain_busy_(on, select_pending(
                          "INDEXED BY pending_chain WHERE endpoint=?1 AND uid_hash=?2 AND hold<>0 AND seq<?3 LIMIT 1")),
      chain_front_(on,
                   select_pending(
                       "INDEXED BY pending_chain WHERE endpoint=?1 AND uid_hash=?2 AND hold<>0 ORDER BY seq LIMIT 1")),
      overtake_(on,
                "UPDATE pending INDEXED BY pending_chain SET hold=0 WHERE endpoint=?1 AND uid_hash=?2 AND hold<>0 AND "
                "hold=1 AND seq<?3"),
      overdue_waiting_(
          on, select_pending(
                  "INDEXED BY pending_release WHERE endpoint=?1 AND release_at<=?2 ORDER BY release_at,seq LIMIT 1")),
      each_pending_(on, select_pending("WHERE endpoint=?1 LIMIT ?2")),
      each_chained_(on, select_pending("INDEXED BY pending_chain WHERE endpoint=?1 AND hold<>0 LIMIT ?2")),
      least_due_(on,
                 "SELECT due FROM pending INDEXED BY pending_due WHERE endpoint=?1 AND due>=?2 ORDER BY due LIMIT 1"),
      insert_extra_(on, "INSERT INTO extra_delivery(dlv,event,endpoint) VALUES(?1,?2,?3)"),
      insert_cancel_wish_(on, "INSERT OR IGNORE INTO cancel_wish(dlv) VALUES(?1)"),
      delete_cancel_wish_(on, "DELETE FROM cancel_wish WHERE dlv=?1"),
      rest_lane_(on, "UPDATE endpoint SET not_before=max(not_before,?2) WHERE id=?1"),
      set_endpoint_state_(on,
                          "UPDATE endpoint SET state=?2,state_reason=?3,failing_since=?4,probe_at=?5,probes_failed=0,"
                          "state_version=state_version+1 WHERE id=?1 AND deleted_at IS NULL"),
      plan_probe_(on, "UPDATE endpoint SET probe_at=?2,probes_failed=?3 WHERE id=?1"),
      set_failing_since_(on, "UPDATE endpoint SET failing_since=?2 WHERE id=?1"),
      set_release_since_(on, "UPDATE endpoint SET release_since=?2 WHERE id=?1"),
      heading_(on, "SELECT type,uid FROM event WHERE id=?1") {}

void rows::run(statement& what) {
  if (failure_ != SQLITE_OK) {
    what.reset();
    return;
  }
  failure_ = what.run();
}

std::optional<pending_row> rows::one(statement& what) {
  const reading scope(what);
  if (failure_ != SQLITE_OK) return std::nullopt;
  const int code = what.step();
  if (code == SQLITE_ROW) return read_pending(what);
  if (code != SQLITE_DONE) failure_ = code;
  return std::nullopt;
}

void rows::each(statement& what, const std::function<void(const pending_row&)>& call) {
  const reading scope(what);
  if (failure_ != SQLITE_OK) return;
  int code = what.step();
  for (; code == SQLITE_ROW; code = what.step()) call(read_pending(what));
  if (code != SQLITE_DONE) failure_ = code;
}

void rows::insert_event(model::event_id id, const event_draft& draft, std::string_view targets,
                        base::epoch_ms accepted_at) {
  insert_event_.bind(1, id).bind(2, draft.integration).bind_text(3, draft.type).bind(4, accepted_at);
  insert_event_.bind_text(5, draft.uid).bind(6, static_cast<std::int64_t>(draft.uid_hash));
  insert_event_.bind_blob(7, targets).bind_blob(8, draft.payload);
  run(insert_event_);
}

void rows::insert_idempotency(model::event_id id, const idempotency& of, base::epoch_ms at, std::uint32_t deliveries) {
  insert_idempotency_.bind(1, id).bind_blob(2, bytes_of(of.key)).bind_blob(3, bytes_of(of.body));
  insert_idempotency_.bind(4, at).bind(5, deliveries);
  run(insert_idempotency_);
}

void rows::insert_outcome(const outcome_row& row) {
  insert_outcome_.bind(1, row.delivery).bind(2, row.endpoint).bind(3, row.at);
  insert_outcome_.bind(4, static_cast<std::int64_t>(row.result)).bind(5, row.attempts).bind(6, row.generation);
  insert_outcome_.bind(7, row.config_version).bind_blob(8, row.evidence);
  run(insert_outcome_);
}

void rows::delete_outcome(model::delivery_id delivery) {
  delete_outcome_.bind(1, delivery);
  run(delete_outcome_);
}

void rows::insert_attempt(model::delivery_id delivery, std::int32_t number, std::string_view evidence) {
  insert_attempt_.bind(1, delivery).bind(2, number).bind_blob(3, evidence);
  run(insert_attempt_);
}

void rows::insert_tick(std::int64_t minute, model::event_id first_id) {
  insert_tick_.bind(1, minute).bind(2, first_id);
  run(insert_tick_);
}

void rows::set_meta(std::string_view key, std::int64_t value) {
  set_meta_.bind_text(1, key).bind(2, value);
  run(set_meta_);
}

void rows::insert_pending(const pending_row& row) {
  insert_pending_.bind(1, row.endpoint).bind(2, row.seq).bind(3, row.delivery).bind(4, row.event);
  insert_pending_.bind(5, static_cast<std::int64_t>(row.lane_key));
  row.due ? insert_pending_.bind(6, *row.due) : insert_pending_.bind_null(6);
  row.release_at ? insert_pending_.bind(7, *row.release_at) : insert_pending_.bind_null(7);
  insert_pending_.bind(8, row.tries).bind(9, row.attempts).bind(10, row.generation);
  insert_pending_.bind(11, static_cast<std::int64_t>(row.hold));
  run(insert_pending_);
}

void rows::make_due(model::endpoint_id endpoint, std::int64_t seq, base::epoch_ms due, chain_hold hold) {
  make_due_.bind(1, endpoint).bind(2, seq).bind(3, due).bind(4, static_cast<std::int64_t>(hold));
  run(make_due_);
}

void rows::plan_retry(const pending_row& row) {
  plan_retry_.bind(1, row.endpoint).bind(2, row.seq).bind(3, row.due.value_or(0));
  plan_retry_.bind(4, row.tries).bind(5, row.attempts);
  run(plan_retry_);
}

void rows::delete_pending(model::endpoint_id endpoint, std::int64_t seq) {
  delete_pending_.bind(1, endpoint).bind(2, seq);
  run(delete_pending_);
}

std::optional<pending_row> rows::find_pending(model::delivery_id delivery) {
  find_pending_.bind(1, delivery);
  return one(find_pending_);
}

bool rows::chain_busy_before(model::endpoint_id endpoint, std::uint64_t lane_key, std::int64_t seq) {
  chain_busy_.bind(1, endpoint).bind(2, static_cast<std::int64_t>(lane_key)).bind(3, seq);
  return one(chain_busy_).has_value();
}

std::optional<pending_row> rows::chain_front(model::endpoint_id endpoint, std::uint64_t lane_key) {
  chain_front_.bind(1, endpoint).bind(2, static_cast<std::int64_t>(lane_key));
  return one(chain_front_);
}

void rows::overtake_before(model::endpoint_id endpoint, std::uint64_t lane_key, std::int64_t seq) {
  overtake_.bind(1, endpoint).bind(2, static_cast<std::int64_t>(lane_key)).bind(3, seq);
  run(overtake_);
}

std::optional<pending_row> rows::first_overdue_waiting(model::endpoint_id endpoint, base::epoch_ms now) {
  overdue_waiting_.bind(1, endpoint).bind(2, now);
  return one(overdue_waiting_);
}

void rows::each_pending(model::endpoint_id endpoint, std::size_t count,
                        const std::function<void(const pending_row&)>& call) {
  each_pending_.bind(1, endpoint).bind(2, static_cast<std::int64_t>(count));
  each(each_pending_, call);
}

void rows::each_chained(model::endpoint_id endpoint, std::size_t count,
                        const std::function<void(const pending_row&)>& call) {
  each_chained_.bind(1, endpoint).bind(2, static_cast<std::int64_t>(count));
  each(each_chained_, call);
}

std::optional<base::epoch_ms> rows::least_due(model::endpoint_id endpoint, base::epoch_ms from) {
  least_due_.bind(1, endpoint).bind(2, from);
  const reading scope(least_due_);
  if (failure_ != SQLITE_OK) return std::nullopt;
  const int code = least_due_.step();
  if (code == SQLITE_ROW) return least_due_.integer(0);
  if (code != SQLITE_DONE) failure_ = code;
  return std::nullopt;
}

void rows::insert_extra(model::delivery_id delivery, model::event_id event, model::endpoint_id endpoint) {
  insert_extra_.bind(1, delivery).bind(2, event).bind(3, endpoint);
  run(insert_extra_);
}

void rows::insert_cancel_wish(model::delivery_id delivery) {
  insert_cancel_wish_.bind(1, delivery);
  run(insert_cancel_wish_);
}

void rows::delete_cancel_wish(model::delivery_id delivery) {
  delete_cancel_wish_.bind(1, delivery);
  run(delete_cancel_wish_);
}

void rows::rest_lane(model::endpoint_id endpoint, base::epoch_ms until) {
  rest_lane_.bind(1, endpoint).bind(2, until);
  run(rest_lane_);
}

void rows::set_endpoint_state(model::endpoint_id endpoint, const endpoint_state_row& row) {
  set_endpoint_state_.bind(1, endpoint).bind_text(2, row.state).bind_text(3, row.reason);
  set_endpoint_state_.bind(4, row.failing_since).bind(5, row.probe_at);
  run(set_endpoint_state_);
}

void rows::plan_probe(model::endpoint_id endpoint, base::epoch_ms at, std::int32_t probes_failed) {
  plan_probe_.bind(1, endpoint).bind(2, at).bind(3, probes_failed);
  run(plan_probe_);
}

void rows::set_failing_since(model::endpoint_id endpoint, base::epoch_ms since) {
  set_failing_since_.bind(1, endpoint).bind(2, since);
  run(set_failing_since_);
}

void rows::set_release_since(model::endpoint_id endpoint, base::epoch_ms since) {
  set_release_since_.bind(1, endpoint).bind(2, since);
  run(set_release_since_);
}

std::optional<event_heading> rows::heading_of(model::event_id event) {
  heading_.bind(1, event);
  const reading scope(heading_);
  if (failure_ != SQLITE_OK) return std::nullopt;
  const int code = heading_.step();
  if (code == SQLITE_ROW) return event_heading{std::string(heading_.text(0)), std::string(heading_.text(1))};
  if (code != SQLITE_DONE) failure_ = code;
  return std::nullopt;
}

}  // namespace posthorn::store::sqlite
