#include "store/sqlite/store_reader.hpp"

#include <limits>

#include "store/sqlite/erasure_mark.hpp"
#include "store/sqlite/evidence.hpp"
#include "store/sqlite/stored_value.hpp"
#include "store/sqlite/targets.hpp"
#include "store/sqlite/time_search.hpp"

namespace posthorn::store::sqlite {
namespace {

model::delivery_state state_of(outcome_result result) noexcept {
  switch (result) {
    case outcome_result::delivered: return model::delivery_state::delivered;
    case outcome_result::failed: return model::delivery_state::failed;
    case outcome_result::cancelled: break;
  }
  return model::delivery_state::cancelled;
}

// nullopt where no attempt was made.
std::optional<model::attempt> evidence_at(const statement& from, int column, const row_name& row) {
  const std::string_view blob = from.text(column);
  if (blob.empty()) return std::nullopt;
  auto read = read_evidence(blob);
  if (!read) refuse_stored(row, "evidence", std::to_string(blob.size()) + " bytes");
  return read;
}

}  // namespace

store_reader::store_reader(connection&& on)
    : on_(std::move(on)),
      event_(on_, "SELECT integration,type,uid,accepted_at,length(payload),targets FROM event WHERE id=?1"),
      payload_(on_, "SELECT payload FROM event WHERE id=?1 AND integration=?2"),
      extras_(on_, "SELECT endpoint,dlv FROM extra_delivery WHERE event=?1 ORDER BY dlv"),
      owner_(on_, "SELECT id,integration,targets FROM event WHERE id<?1 ORDER BY id DESC LIMIT 1"),
      extra_origin_(on_,
                    "SELECT x.event,x.endpoint,e.integration FROM extra_delivery x JOIN event e ON e.id=x.event "
                    "WHERE x.dlv=?1"),
      pending_(on_, "SELECT due,tries,attempts,hold FROM pending WHERE dlv=?1"),
      outcome_(on_, "SELECT at,result,attempts,evidence FROM outcome WHERE dlv=?1"),
      last_attempt_(on_, "SELECT evidence FROM attempt WHERE dlv=?1 ORDER BY number DESC LIMIT 1"),
      attempts_(on_, "SELECT evidence FROM attempt WHERE dlv=?1 ORDER BY number"),
      endpoint_(on_, "SELECT state,deleted_at IS NOT NULL,not_before,probe_at FROM endpoint WHERE id=?1"),
      endpoints_(on_, "SELECT id FROM endpoint WHERE integration=?1"),
      conditions_(on_,
                  "SELECT id,state_version,failing_since,probe_at,probes_failed FROM endpoint "
                  "WHERE integration=?1 AND deleted_at IS NULL AND failing_since+probe_at>0"),
      event_below_(on_, "SELECT id FROM event WHERE id<?1 AND id>?2 ORDER BY id DESC LIMIT 1"),
      extra_below_(on_, "SELECT dlv FROM extra_delivery WHERE dlv<?1 AND dlv>?2 ORDER BY dlv DESC LIMIT 1"),
      extra_event_below_(on_,
                         "SELECT event FROM extra_delivery WHERE endpoint=?1 AND event<?2 "
                         "ORDER BY event DESC LIMIT 1"),
      ended_below_(on_,
                   "SELECT dlv FROM outcome INDEXED BY outcome_by_result "
                   "WHERE endpoint=?1 AND result=?2 AND result<>0 AND dlv<?3 ORDER BY dlv DESC LIMIT 1"),
      // A row keeps its delivery's id as its place in line until a replay gives it a new one.
      pending_below_(on_,
                     "SELECT dlv FROM pending WHERE endpoint=?1 AND seq<?3 AND seq=dlv AND (?2=2 OR (tries>0)=?2) "
                     "ORDER BY seq DESC LIMIT 1"),
      replayed_pending_below_(on_,
                              "SELECT dlv FROM pending INDEXED BY pending_replayed WHERE endpoint=?1 AND dlv<?3 AND "
                              "seq<>dlv AND (?2=2 OR (tries>0)=?2) ORDER BY dlv DESC LIMIT 1"),
      event_from_(on_, event_from_sql),
      targets_of_(on_, "SELECT length(targets)/8 FROM event WHERE id=?1"),
      watermark_(on_, "SELECT value FROM meta WHERE key='watermark'") {}

bool store_reader::row(statement& what) {
  if (failure_ != SQLITE_OK) return false;
  const int code = what.step();
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) failure_ = code;
  return false;
}

std::int64_t store_reader::number(statement& what) {
  const reading scope(what);
  return row(what) ? what.integer(0) : 0;
}

std::optional<stored_event> store_reader::event(model::event_id id) {
  const reading scope(event_.bind(1, id));
  if (!row(event_)) return std::nullopt;
  stored_event found{id,
                     event_.integer(0),
                     std::string(event_.text(1)),
                     std::string(event_.text(2)),
                     event_.integer(3),
                     static_cast<std::uint64_t>(event_.integer(4)),
                     std::string(event_.text(5))};
  if (is_erased_uid(found.uid)) {
    found.erased = true;
    found.uid.clear();
    found.payload_bytes = 0;
  }
  return found;
}

std::optional<std::string> store_reader::payload(model::integration_no integration, model::event_id id) {
  const reading scope(payload_.bind(1, id).bind(2, integration));
  if (!row(payload_)) return std::nullopt;
  return std::string(payload_.text(0));
}

std::vector<std::pair<model::endpoint_id, model::delivery_id>> store_reader::extras_of(model::event_id event) {
  std::vector<std::pair<model::endpoint_id, model::delivery_id>> found;
  const reading scope(extras_.bind(1, event));
  while (row(extras_)) found.emplace_back(extras_.integer(0), extras_.integer(1));
  return found;
}

std::optional<delivery_origin> store_reader::origin_of(model::delivery_id delivery) {
  const reading scope(owner_.bind(1, delivery));
  if (row(owner_)) {
    const model::event_id event = owner_.integer(0);
    const std::string_view targets = owner_.text(2);
    const auto k = static_cast<std::size_t>(delivery - event - 1);
    if (k < target_count(targets)) return delivery_origin{event, target_at(targets, k), owner_.integer(1)};
  }
  const reading extra_scope(extra_origin_.bind(1, delivery));
  if (!row(extra_origin_)) return std::nullopt;
  return delivery_origin{extra_origin_.integer(0), extra_origin_.integer(1), extra_origin_.integer(2)};
}

std::optional<stored_pending> store_reader::pending(model::delivery_id delivery) {
  const reading scope(pending_.bind(1, delivery));
  if (!row(pending_)) return std::nullopt;
  stored_pending found;
  if (!pending_.is_null(0)) found.due = pending_.integer(0);
  found.tries = static_cast<std::int32_t>(pending_.integer(1));
  found.attempts = static_cast<std::int32_t>(pending_.integer(2));
  found.waits = pending_.integer(3) == 2;
  return found;
}

std::optional<stored_outcome> store_reader::outcome(model::delivery_id delivery) {
  const reading scope(outcome_.bind(1, delivery));
  if (!row(outcome_)) return std::nullopt;
  stored_outcome found;
  found.at = outcome_.integer(0);
  found.result = state_of(result_at(outcome_, 1, delivery));
  found.attempts = static_cast<std::int32_t>(outcome_.integer(2));
  found.last = evidence_at(outcome_, 3, {"outcome", delivery});
  return found;
}

std::optional<model::attempt> store_reader::last_attempt(model::delivery_id delivery) {
  const reading scope(last_attempt_.bind(1, delivery));
  return row(last_attempt_) ? evidence_at(last_attempt_, 0, {"attempt", delivery}) : std::nullopt;
}

std::vector<model::attempt> store_reader::attempts(model::delivery_id delivery) {
  std::vector<model::attempt> found;
  const reading scope(attempts_.bind(1, delivery));
  while (row(attempts_)) {
    if (auto read = evidence_at(attempts_, 0, {"attempt", delivery})) found.push_back(std::move(*read));
  }
  return found;
}

stored_endpoint store_reader::endpoint(model::endpoint_id id) {
  const reading scope(endpoint_.bind(1, id));
  if (!row(endpoint_)) return {.deleted = true};
  return {stored_name(model::endpoint_state_from(endpoint_.text(0)), {"endpoint", id}, "state", endpoint_.text(0)),
          endpoint_.integer(1) != 0, endpoint_.integer(2), endpoint_.integer(3)};
}

condition_map store_reader::conditions_of(model::integration_no integration) {
  condition_map found;
  const reading scope(conditions_.bind(1, integration));
  while (row(conditions_)) {
    found[conditions_.integer(0)] = {.state_version = static_cast<std::int32_t>(conditions_.integer(1)),
                                     .failing_since = conditions_.integer(2),
                                     .probe_at = conditions_.integer(3),
                                     .probes_failed = static_cast<std::int32_t>(conditions_.integer(4))};
  }
  return found;
}

std::vector<model::endpoint_id> store_reader::endpoints_of(model::integration_no integration) {
  std::vector<model::endpoint_id> found;
  const reading scope(endpoints_.bind(1, integration));
  while (row(endpoints_)) found.push_back(endpoints_.integer(0));
  return found;
}

std::int64_t store_reader::event_below(std::int64_t id, std::int64_t floor) {
  return number(event_below_.bind(1, id).bind(2, floor));
}

std::int64_t store_reader::extra_below(std::int64_t id, std::int64_t floor) {
  return number(extra_below_.bind(1, id).bind(2, floor));
}

std::int64_t store_reader::extra_event_below(model::endpoint_id endpoint, std::int64_t id) {
  return number(extra_event_below_.bind(1, endpoint).bind(2, id));
}

std::int64_t store_reader::ended_below(model::endpoint_id endpoint, outcome_result result, std::int64_t id) {
  return number(ended_below_.bind(1, endpoint).bind(2, static_cast<std::int64_t>(result)).bind(3, id));
}

std::int64_t store_reader::pending_below(model::endpoint_id endpoint, tried which, std::int64_t id) {
  return number(pending_below_.bind(1, endpoint).bind(2, static_cast<std::int64_t>(which)).bind(3, id));
}

std::int64_t store_reader::replayed_pending_below(model::endpoint_id endpoint, tried which, std::int64_t id) {
  return number(replayed_pending_below_.bind(1, endpoint).bind(2, static_cast<std::int64_t>(which)).bind(3, id));
}

std::int64_t store_reader::event_from(std::int64_t id) {
  const std::int64_t found = number(event_from_.bind(1, id));
  return found > 0 ? found : std::numeric_limits<std::int64_t>::max();
}

std::size_t store_reader::targets_of(model::event_id id) {
  return static_cast<std::size_t>(number(targets_of_.bind(1, id)));
}

std::int64_t store_reader::watermark() { return number(watermark_); }

model::event_id store_reader::first_event_since(base::epoch_ms since) {
  return sqlite::first_event_since(event_from_, since, [this](statement& what) { return row(what); });
}

}  // namespace posthorn::store::sqlite
