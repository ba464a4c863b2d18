// What the writer looks at once a second: the lanes, and the room on the disk.
#include <fmt/format.h>
#include <sys/statvfs.h>

#include "base/limits.hpp"
#include "base/log.hpp"
#include "store/sqlite/lane_survey.hpp"
#include "store/sqlite/writer.hpp"

namespace posthorn::store::sqlite {

namespace limits = base::limits;

void writer::look_around() {
  const base::epoch_ms now = how_.clock->engine();
  if (now - counters_.surveyed_at.load(std::memory_order_relaxed) < limits::engine_survey_ms) return;
  counters_.surveyed_at.store(now, std::memory_order_relaxed);
  // Nothing may be sent while outcomes cannot be recorded.
  if (fallen_) return;
  auto waiting = std::make_shared<const backlog_map>(survey(known_, *sink_, counters_, now));
  const std::lock_guard lock(mutex_);
  waiting_ = std::move(waiting);
}

std::shared_ptr<const backlog_map> writer::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

void writer::check_disk() {
  const base::epoch_ms now = how_.clock->engine();
  if (now - disk_checked_at_ < limits::engine_survey_ms) return;
  disk_checked_at_ = now;
  struct statvfs disk{};
  if (how_.disk_free_low_water == 0 || statvfs(how_.path.c_str(), &disk) != 0) return;
  const std::uint64_t free_bytes = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
  const health_report before = health();
  const bool low = free_bytes < how_.disk_free_low_water;
  if (low && before.can_accept) {
    set_health(false, true,
               fmt::format("disk almost full: {} MiB free, {} MiB are kept for outcomes: make room",
                           free_bytes / limits::mib, how_.disk_free_low_water / limits::mib));
    base::log_error("disk_almost_full", {{"free_bytes", free_bytes}});
  } else if (!low && !before.can_accept && before.can_record) {
    set_health(true, true, {});
    base::log_info("disk_has_room_again", {{"free_bytes", free_bytes}});
  }
}

}  // namespace posthorn::store::sqlite
