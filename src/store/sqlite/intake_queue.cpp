#include "store/sqlite/intake_queue.hpp"

#include <algorithm>
#include <iterator>

#include "base/limits.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace limits = base::limits;

// `before` more events come before it. A request's first event stands for all: they mostly go to the same endpoints.
bool lane_is_worth_waiting(const accept_work& work, std::size_t before, ledger& known, base::epoch_ms now) {
  if (work.drafts.empty() || now - work.since >= limits::accept_wait_ms_max) return false;
  return std::ranges::any_of(work.drafts.front().targets, [&](model::endpoint_id target) {
    const lane_state* lane = known.lane(target);
    if (!lane || !lane->sendable(now)) return false;
    const std::uint64_t owed = lane->open_directs + lane->pending_rows;
    return owed + before >= limits::lane_busy_deliveries &&
           lane->drains.delivers(owed, limits::accept_wait_ms_max, now);
  });
}

}  // namespace

std::vector<accept_work> intake_queue::next_group(std::vector<accept_work> arrived, ledger& known, base::epoch_ms now,
                                                  bool all_lanes) {
  if (waiting_.empty()) {
    waiting_.swap(arrived);
  } else {
    std::move(arrived.begin(), arrived.end(), std::back_inserter(waiting_));
  }
  std::vector<accept_work> taken;
  std::vector<accept_work> left;
  std::size_t events = 0;
  next_at_ = never;
  for (accept_work& each : waiting_) {
    if (events >= limits::commit_group_events_max) {
      next_at_ = now;
      left.push_back(std::move(each));
    } else if (!all_lanes && lane_is_worth_waiting(each, events, known, now)) {
      next_at_ = std::min(next_at_, each.since + limits::accept_wait_ms_max);
      left.push_back(std::move(each));
    } else {
      events += each.drafts.size();
      taken.push_back(std::move(each));
    }
  }
  waiting_ = std::move(left);
  return taken;
}

}  // namespace posthorn::store::sqlite
