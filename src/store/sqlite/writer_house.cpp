// What the writer does beside its work, ten times a second, as a part of a group's transaction.
#include "base/limits.hpp"
#include "base/log.hpp"
#include "store/sqlite/condition.hpp"
#include "store/sqlite/placement.hpp"
#include "store/sqlite/secure_deletes.hpp"
#include "store/sqlite/writer.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace limits = base::limits;

constexpr std::size_t release_rows_max = 256;

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
  while (direct_delivery* oldest = known_.oldest_direct()) {
    if (known_.direct_count() <= limits::watermark_lag_deliveries_max &&
        group.now - oldest->since < limits::watermark_lag_ms_max)
      break;
    spill(group, *oldest);
  }
  chains_wait_ = false;
  chains_seen_at_ = group.now;
  for (auto& [endpoint, lane] : known_.lanes()) {
    store_failing_since(group, endpoint, lane);
    if (lane.chained_rows > 0) {
      chains_wait_ = true;
      release_overdue(group, endpoint, release_rows_max);
    }
  }
  counters_.direct_outstanding.store(known_.direct_count(), std::memory_order_relaxed);
  if (is_lost(group)) return;
  const bool jobs_run = session_->jobs.step(group, *current_, how_.takes);
  steps_left_ = session_->deliveries.step(group) || jobs_run;
  if (traffic_counted_ && session_->traffic.is_due(group.now)) {
    traffic_counted_ = session_->traffic.step(group);
  }
  if (is_lost(group)) return;
  if (const auto requests = how_.requests->take(); !requests.empty()) {
    if (auto written = write_requests(session_->on, requests); !written) {
      base::log_warn("request_log_not_written", {{"detail", written.error().detail}});
    }
  }
  if (is_lost(group)) return;
  idempotency_.trim(group.wall, how_.indexed_up_to());
  keep_clock(group);
}

void writer::keep_clock(commit_group& group) {
  const model::delivery_id watermark = known_.watermark(ids_.last());
  if (watermark == persisted_watermark_) return;
  group.sql.set_meta("watermark", watermark);
  group.sql.set_meta("last_id", ids_.last());
  group.sql.set_meta("engine_clock", group.now);
  persisted_watermark_ = watermark;
}

}  // namespace posthorn::store::sqlite
