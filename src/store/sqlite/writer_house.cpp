// What the writer does beside its work, ten times a second, as a part of a group's transaction.
#include <utility>

#include "base/boundary.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "store/sqlite/condition.hpp"
#include "store/sqlite/placement.hpp"
#include "store/sqlite/secure_deletes.hpp"
#include "store/sqlite/unit_boundary.hpp"
#include "store/sqlite/writer.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace limits = base::limits;

constexpr std::size_t release_rows_max = 256;
constexpr base::epoch_ms failed_house_pause_ms = 10'000;

}  // namespace

bool writer::house_needs_keeping(base::epoch_ms now) {
  if (known_.direct_count() > 0 || steps_left_ || !how_.requests->empty()) return true;
  if (persisted_watermark_ != known_.watermark(ids_.last())) return true;
  if (traffic_counted_ && session_->traffic.is_due(now)) return true;
  return chains_wait_ && now - chains_seen_at_ >= limits::engine_survey_ms;
}

void writer::keep_house(commit_group& group) {
  const secure_deletes overwriting(session_->on);
  house_kept_at_ = group.now;
  for (const auto part : {&writer::keep_watermark_near, &writer::keep_lanes, &writer::keep_jobs, &writer::keep_steps,
                          &writer::keep_requests, &writer::keep_clock}) {
    if (!base::survive("housekeeping", [&] { (this->*part)(group); })) {
      group.lose("housekeeping failed: all is read anew");
      // Others share this thread.
      house_kept_at_ = group.now + failed_house_pause_ms;
    }
    if (is_lost(group)) return;
  }
}

void writer::keep_watermark_near(commit_group& group) {
  while (direct_delivery* oldest = known_.oldest_direct()) {
    if (known_.direct_count() <= limits::watermark_lag_deliveries_max &&
        group.now - oldest->since < limits::watermark_lag_ms_max)
      break;
    spill(group, *oldest);
  }
}

void writer::keep_lanes(commit_group& group) {
  chains_wait_ = false;
  chains_seen_at_ = group.now;
  for (auto& [endpoint, lane] : known_.lanes()) {
    store_failing_since(group, endpoint, lane);
    store_release(group, endpoint, lane);
    if (lane.chained_rows > 0) {
      chains_wait_ = true;
      release_overdue(group, endpoint, release_rows_max);
    }
  }
  counters_.direct_outstanding.store(known_.direct_count(), std::memory_order_relaxed);
}

// A customer's filter and payloads are read in a job's step: one that fails ends, and holds up no other.
void writer::keep_jobs(commit_group& group) {
  bool jobs_run = false;
  const auto stepped = run_unit(session_->on, group, {"a step of a job"}, [&]() -> base::result<void> {
    if (const model::job_id broken = std::exchange(broken_job_, 0); broken != 0) {
      session_->jobs.end_broken(group, broken);
      jobs_run = true;
    } else {
      jobs_run = session_->jobs.step(group, *current_, how_.takes);
    }
    return {};
  });
  if (!stepped) broken_job_ = session_->jobs.stepped_last();
  steps_left_ = jobs_run || !stepped;
}

void writer::keep_steps(commit_group& group) {
  steps_left_ = session_->deliveries.step(group) || steps_left_;
  if (traffic_counted_ && session_->traffic.is_due(group.now)) {
    traffic_counted_ = session_->traffic.step(group);
  }
}

void writer::keep_requests(commit_group& group) {
  const auto requests = how_.requests->take();
  if (requests.empty()) return;
  const auto written = run_unit(session_->on, group, {"writing the request log"},
                                [&] { return write_requests(session_->on, requests); });
  if (!written) base::log_warn("request_log_not_written", {{"detail", written.error().detail}});
}

void writer::keep_clock(commit_group& group) {
  idempotency_.trim(group.wall, how_.indexed_up_to());
  const model::delivery_id watermark = known_.watermark(ids_.last());
  if (watermark == persisted_watermark_) return;
  group.sql.set_meta("watermark", watermark);
  group.sql.set_meta("last_id", ids_.last());
  group.sql.set_meta("engine_clock", group.now);
  persisted_watermark_ = watermark;
}

}  // namespace posthorn::store::sqlite
