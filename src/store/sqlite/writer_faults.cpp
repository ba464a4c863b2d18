// How the writer meets a failed transaction: stop sending, answer 503, reopen, recover, and only then go on.
#include <fmt/format.h>

#include <thread>

#include "base/boundary.hpp"
#include "base/id.hpp"
#include "base/log.hpp"
#include "store/sqlite/failure_kind.hpp"
#include "store/sqlite/load_directory.hpp"
#include "store/sqlite/recovery.hpp"
#include "store/sqlite/sql_result.hpp"
#include "store/sqlite/writer.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr base::epoch_ms reopen_interval_ms = 250;  // after a fault
constexpr base::epoch_ms broken_report_retry_ms = 60'000;

}  // namespace

void writer::give_back_offers(const commit_group& group) {
  for (const owed_delivery& each : group.offers) {
    sink_->release(each.endpoint, each.uid_hash, each.event->payload.size());
  }
}

// What waits for another one of its uid waits here, not in a lane: recovery finds it again, and asks for room anew.
void writer::give_back_rooms() {
  for (const direct_delivery& each : known_.directs()) {
    if (each.open && each.body) sink_->release(each.endpoint, each.lane_key, each.body->payload.size());
  }
}

// Once a fault, however it was met: rooms are given back once, and what lanes hold is not offered to them again.
void writer::begin_fault() {
  if (std::exchange(fallen_, true)) return;
  persisted_watermark_ = -1;
  sink_->allow_sending(false);
  give_back_rooms();
  // What lanes hold: all that was offered after a commit and is not reported, and what the last reports are about.
  for (const direct_delivery& each : known_.directs()) {
    if (each.open && !each.body && each.id <= committed_id_) held_by_lanes_.insert(each.id);
  }
  for (const auto& [id, row] : known_.laned_rows()) held_by_lanes_.insert(id);
}

void writer::fall(inbox& work, commit_group& group, int code) {
  const std::string message = session_->on.message();
  const sql_failure kind = failure_kind(session_->on, code);
  session_->on.exec("ROLLBACK");
  const bool own = !group.lost_because.empty();
  const std::string reason = own                         ? group.lost_because
                             : kind == sql_failure::full ? fmt::format("disk full: {}", message)
                                                         : fmt::format("the store failed: {} ({})", message, code);
  base::log_error("store_fell", {{"code", code}, {"reason", reason}});
  // The disk may need a while; what failed here was not the disk.
  reopen_at_ = own ? 0 : how_.clock->engine() + reopen_interval_ms;
  set_health(false, false, reason);
  begin_fault();
  // What this group wanted to offer never was.
  give_back_offers(group);
  for (const owed_delivery& each : group.offers) held_by_lanes_.erase(each.id);
  for (const model::delivery_id each : std::exchange(offering_, {})) held_by_lanes_.erase(each);
  retain(work.reports);
  idempotency_.forget_after(committed_id_);
  refuse(work, {kind == sql_failure::full ? base::fault::disk_full : base::fault::store_unavailable, reason, {}, 1});
}

// A report that cannot be recorded must not stop all the others each time it comes: first it goes without what is only
// told, then its delivery goes back to be tried again, at last it is left out, and recovery finds the delivery owed.
void writer::retain(std::vector<attempt_report>& reports) {
  const auto broken = std::exchange(broken_report_, std::nullopt);
  for (attempt_report& report : reports) {
    if (report.delivery == broken) {
      const int faults = ++report_faults_[report.delivery];
      if (faults > 2) {
        base::log_error("report_dropped", {{"delivery", base::format_id(base::delivery_prefix, report.delivery)}});
        held_by_lanes_.erase(report.delivery);
        continue;
      }
      report.health = {};
      report.disable_reason.clear();
      model::attempt bare;
      bare.at = report.evidence.at;
      bare.number = report.evidence.number;
      bare.status = report.evidence.status;
      bare.error = report.evidence.error;
      report.evidence = std::move(bare);
      if (faults > 1) {
        report.decided = verdict::given_back;
        report.due = how_.clock->engine() + broken_report_retry_ms;
      }
    }
    held_by_lanes_.insert(report.delivery);
    retained_.push_back(std::move(report));
  }
  reports.clear();
}

void writer::give_up(inbox& work) noexcept {
  base::survive("giving up a turn", [&] {
    begin_fault();
    reopen_at_ = how_.clock->engine() + reopen_interval_ms;
    set_health(false, false, "the writer failed: all is read anew");
    if (session_) session_->on.exec("ROLLBACK");
    retain(work.reports);
  });
  refuse(work, {base::fault::store_unavailable, "the writer failed: send it again", {}, 1});
}

bool writer::rise() {
  // The pages of a failed fsync may be marked clean: nothing of the old connection is trusted.
  session_.reset();
  reopen_at_ = how_.clock->engine() + reopen_interval_ms;
  auto opened = connection::open(how_.path, connection::mode::read_write);
  if (!opened) return false;
  session_ = std::make_unique<session>(std::move(*opened));
  const int probe = session_->on.exec(
      "PRAGMA wal_checkpoint(PASSIVE); BEGIN IMMEDIATE;"
      "INSERT INTO meta(key,value) VALUES('probe',1) ON CONFLICT(key) DO UPDATE SET value=value+1; COMMIT;");
  if (probe != SQLITE_OK) {
    session_->on.exec("ROLLBACK");
    return false;
  }
  // Whether the last group's changes of the configuration are on the disk is not known, either.
  auto loaded = load_directory(session_->on, *how_.secrets, how_.clock->wall(), nullptr);
  if (!loaded) {
    base::log_error("directory_unreadable", {{"detail", loaded.error().detail}});
    return false;
  }
  loaded->version = ++directory_version_;
  current_ = std::make_shared<const directory>(std::move(*loaded));
  how_.publish(current_);
  if (auto recovered = recover_all(); !recovered) {
    base::log_error("recovery_failed", {{"detail", recovered.error().detail}});
    return false;
  }
  fallen_ = false;
  held_by_lanes_.clear();
  set_health(true, true, {});
  sink_->allow_sending(true);
  base::log_info("store_risen", {{"reports_retained", retained_.size()}});
  return true;
}

base::result<void> writer::recover_all() {
  const auto greatest = greatest_id(session_->on);
  if (!greatest) return std::unexpected(greatest.error());
  ids_.raise(*greatest);
  committed_id_ = ids_.last();
  commit_group group = new_group();
  {
    statement clock(session_->on, "SELECT value FROM meta WHERE key='engine_clock'");
    const auto kept = next_row(session_->on, clock, "reading the engine's clock");
    if (!kept) return std::unexpected(kept.error());
    if (*kept) how_.clock->raise_engine(clock.integer(0));
    group.now = how_.clock->engine();
  }
  // Before rooms are taken, which a failure would have to give back.
  if (auto recalled = recall_idempotency(session_->on, idempotency_, group.wall); !recalled) return recalled;
  auto summary = base::contain("recovery", {}, [&] { return recover(session_->on, group, *current_, held_by_lanes_); });
  if (!summary) {
    give_back_offers(group);
    give_back_rooms();
    known_.clear();  // no room is given back twice
    return std::unexpected(std::move(summary.error()));
  }
  base::log_info("store_recovered", {{"tail_events", summary->tail_events},
                                     {"requeued", summary->requeued},
                                     {"pending", summary->pending_rows},
                                     {"in_lanes", held_by_lanes_.size()}});
  next_load_at_ = 0;
  steps_left_ = true;
  offer(group);
  return {};
}

}  // namespace posthorn::store::sqlite
