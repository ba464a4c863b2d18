// What one transaction of the writer works with, and what it owes the outside once it is durable.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/histogram.hpp"
#include "base/limits.hpp"
#include "store/delivery_log.hpp"
#include "store/sqlite/ledger.hpp"
#include "store/sqlite/rows.hpp"

namespace posthorn::store::sqlite {

// Ids grow with commit order; a restored backup does not re-use ids, as wall time has moved on.
class id_allocator {
 public:
  void raise(std::int64_t used) noexcept { last_ = std::max(last_, used); }
  // The first of `count` consecutive ids.
  [[nodiscard]] std::int64_t take(std::int64_t count, base::epoch_ms wall) noexcept {
    const std::int64_t first = std::max(last_ + 1, wall << clock_bits);
    last_ = first + count - 1;
    return first;
  }
  // What rows are dated with: not before the last id was made, so that time does not fall while ids grow. Only a clock
  // that was set back further is believed.
  [[nodiscard]] base::epoch_ms unfalling(base::epoch_ms wall) const noexcept {
    const base::epoch_ms latest = last_ >> clock_bits;
    return latest - wall <= base::limits::clock_step_ms_max ? std::max(wall, latest) : wall;
  }
  [[nodiscard]] std::int64_t last() const noexcept { return last_; }

 private:
  static constexpr int clock_bits = 20;
  std::int64_t last_ = 0;
};

inline constexpr std::array<std::int64_t, 10> commit_bounds_us{100,    250,    500,     1'000,     2'500,
                                                               10'000, 50'000, 250'000, 1'000'000, 5'000'000};
inline constexpr std::array<std::int64_t, 10> commit_bounds_items{1, 2, 5, 10, 25, 50, 100, 250, 1'000, 4'000};

// Since start; written by the writer thread, read by anyone.
struct counters {
  std::atomic<std::uint64_t> events_accepted{0}, delivered{0}, failed{0}, retries_planned{0}, pending_rows{0},
      direct_outstanding{0};
  base::histogram<commit_bounds_us> commit_us;
  base::histogram<commit_bounds_items> commit_items;
  // As of the last survey. Engine time; 0: nothing is.
  std::atomic<std::uint64_t> parked_rows{0}, deepest_lane{0};
  std::atomic<base::epoch_ms> oldest_due{0}, stalled_since{0}, surveyed_at{0};
};

struct commit_group {
  rows& sql;
  ledger& known;
  id_allocator& ids;
  delivery_sink& sink;
  counters& count;
  base::epoch_ms now = 0;   // engine time
  base::epoch_ms wall = 0;  // id_allocator::unfalling

  // After the commit.
  std::vector<owed_delivery> offers{};
  bool configuration_changed = false;
  bool steps_begun = false;            // housekeeping has something to work off now
  std::uint64_t events_made = 0;       // by the store's own side, beside those that were handed in
  base::epoch_ms soonest_due = never;  // of the rows that it made due

  // What is known in memory about deliveries is not what it was before the unit of work at hand: a savepoint does not
  // undo that, recovery does.
  bool memory_changed = false;
  // Why it must not be committed although SQLite would; "" if it may.
  std::string lost_because{};
  void lose(std::string why) {
    if (lost_because.empty()) lost_because = std::move(why);
    sql.note_failure(SQLITE_ABORT);
  }
};

inline void add_row(commit_group& group, lane_state& lane, bool chained) noexcept {
  group.memory_changed = true;
  ++lane.pending_rows;
  if (chained) ++lane.chained_rows;
  group.count.pending_rows.fetch_add(1, std::memory_order_relaxed);
}

inline void drop_row(commit_group& group, lane_state& lane, bool chained) noexcept {
  group.memory_changed = true;
  --lane.pending_rows;
  // An overtaken row was counted by its insert, but may have been read back as one that holds nobody.
  if (chained && lane.chained_rows > 0) --lane.chained_rows;
  group.count.pending_rows.fetch_sub(1, std::memory_order_relaxed);
}

// A pending row of `lane` is due at `when`: the backlog is to be looked at by then.
inline void due_at(commit_group& group, lane_state& lane, base::epoch_ms when) noexcept {
  group.memory_changed = true;
  lane.next_due = std::min(lane.next_due, when);
  lane.loaded_up_to = std::min(lane.loaded_up_to, when);
  group.soonest_due = std::min(group.soonest_due, lane.sendable_from(when));
}

// Lanes before there are any: everything stays pending.
class no_lanes final : public delivery_sink {
 public:
  bool reserve(model::endpoint_id, std::uint64_t, std::size_t) override { return false; }
  void release(model::endpoint_id, std::uint64_t, std::size_t) override {}
  void offer(std::vector<owed_delivery>) override {}
  void allow_sending(bool) override {}
};

// An unordered delivery's part of its lane: spreads consecutive ids evenly.
[[nodiscard]] inline std::uint64_t spread(model::delivery_id id) noexcept {
  return static_cast<std::uint64_t>(id) * 0x9e3779b97f4a7c15ULL;
}

}  // namespace posthorn::store::sqlite
