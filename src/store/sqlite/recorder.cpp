#include "store/sqlite/recorder.hpp"

#include "base/log.hpp"
#include "store/sqlite/condition.hpp"
#include "store/sqlite/evidence.hpp"
#include "store/sqlite/news.hpp"
#include "store/sqlite/placement.hpp"
#include "store/sqlite/traffic_table.hpp"

namespace posthorn::store::sqlite {
namespace {

// A delivery as its lane holds it, whether it has a pending row or not.
struct held_delivery {
  laned_row row;
  bool has_row = false;
};

// Takes the delivery out of the ledger if the report is about its current generation.
bool take(commit_group& group, const attempt_report& report, held_delivery& held) {
  if (direct_delivery* direct = group.known.direct(report.delivery)) {
    if (report.generation != 0) return false;
    held.row = {.endpoint = direct->endpoint,
                .seq = direct->id,
                .event = direct->event,
                .lane_key = direct->lane_key,
                .chained = direct->chained,
                .cancel = direct->cancel};
    group.known.close_direct(*direct);
    return true;
  }
  if (laned_row* row = group.known.laned(report.delivery)) {
    if (report.generation != row->generation) return false;
    held = {*row, true};
    group.known.close_laned(report.delivery);
    return true;
  }
  return false;
}

void finish(commit_group& group, const attempt_report& report, const held_delivery& held, outcome_result result) {
  // One buffer per thread: this runs for every delivery.
  thread_local std::string evidence;
  evidence.clear();
  std::int32_t attempts = held.row.attempts;
  if (report.decided != verdict::given_back) {
    ++attempts;
    append_evidence(evidence, report.evidence);
  }
  if (held.row.cancel) group.sql.delete_cancel_wish(report.delivery);
  if (held.has_row) {
    group.sql.delete_pending(held.row.endpoint, held.row.seq);
    if (lane_state* lane = group.known.lane(held.row.endpoint)) drop_row(group, *lane, held.row.chained);
  }
  group.sql.insert_outcome({.delivery = report.delivery,
                            .endpoint = held.row.endpoint,
                            .at = group.wall,
                            .result = result,
                            .attempts = attempts,
                            .generation = held.row.generation,
                            .config_version = report.config_version,
                            .evidence = evidence});
  if (held.row.chained) release_next(group, held.row.endpoint, held.row.lane_key);
  if (result == outcome_result::failed) {
    announce_failure(group, *group.known.lane(held.row.endpoint), report, held.row.event, attempts);
  }
  (result == outcome_result::delivered ? group.count.delivered : group.count.failed)
      .fetch_add(1, std::memory_order_relaxed);
}

void plan(commit_group& group, const attempt_report& report, const held_delivery& held) {
  lane_state* lane = group.known.lane(held.row.endpoint);
  pending_row row{.endpoint = held.row.endpoint,
                  .seq = held.row.seq,
                  .delivery = report.delivery,
                  .event = held.row.event,
                  .lane_key = held.row.lane_key,
                  .due = report.due,
                  .tries = held.row.tries,
                  .attempts = held.row.attempts,
                  .generation = held.row.generation,
                  .hold = held.row.chained ? chain_hold::head : chain_hold::none};
  if (report.decided == verdict::retry) {
    ++row.tries;
    ++row.attempts;
    std::string evidence;
    append_evidence(evidence, report.evidence);
    group.sql.insert_attempt(report.delivery, row.attempts, evidence);
    group.count.retries_planned.fetch_add(1, std::memory_order_relaxed);
  }
  if (held.has_row) {
    group.sql.plan_retry(row);
  } else {
    group.sql.insert_pending(row);
    add_row(group, *lane, held.row.chained);
    if (held.row.chained) spill_waiting(group, held.row.endpoint, held.row.lane_key, false);
  }
  due_at(group, *lane, report.due);
}

void settle(commit_group& group, const attempt_report& report, const held_delivery& held) {
  lane_state* lane = group.known.lane(held.row.endpoint);
  const bool gone = !lane || lane->deleted;
  if (lane && report.decided != verdict::given_back) count_attempt(*lane, report);
  if (report.decided == verdict::delivered) {
    if (lane) {
      lane->drains.count(group.now);
      count_end(*lane, outcome_result::delivered);
    }
    finish(group, report, held, outcome_result::delivered);
  } else if (held.row.cancel || gone) {
    finish(group, report, held, outcome_result::cancelled);
  } else if (report.decided == verdict::failed) {
    count_end(*lane, outcome_result::failed);
    finish(group, report, held, outcome_result::failed);
  } else {
    plan(group, report, held);
  }
}

}  // namespace

void record_report(commit_group& group, const attempt_report& report) {
  held_delivery held;
  if (take(group, report, held)) settle(group, report, held);
  apply_to_endpoint(group, report);
}

}  // namespace posthorn::store::sqlite
