// What the writer thread knows in memory about deliveries on their way. Rebuilt from the store by recovery; bounded.
// Writer thread only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "model/delivery.hpp"
#include "model/endpoint.hpp"
#include "model/ids.hpp"
#include "model/traffic.hpp"

namespace posthorn::store::sqlite {

inline constexpr base::epoch_ms never = std::numeric_limits<base::epoch_ms>::max();

// The direct deliveries of one uid: one is out, the others wait for it in memory, in order.
struct direct_chain {
  std::uint32_t open = 0;  // the waiting ones included
  std::vector<model::delivery_id> waiting;
};

// How fast a lane delivers, by its last window. Times are engine time.
class drain_meter {
 public:
  static constexpr base::epoch_ms window_ms = 100;

  // The lane has something to do again.
  void begin(base::epoch_ms now) noexcept {
    began_ = since_ = now;
    count_ = last_ = 0;
  }
  void count(base::epoch_ms now) noexcept {
    if (now - since_ >= window_ms) {
      last_ = now - since_ < 2 * window_ms ? count_ : 0;
      since_ = now;
      count_ = 0;
    }
    ++count_;
  }
  // Whether it delivers as many in `span_ms` if it goes on as it did. Presumed of one that has only just begun.
  [[nodiscard]] bool delivers(std::uint64_t deliveries, base::epoch_ms span_ms, base::epoch_ms now) const noexcept {
    if (now - began_ < window_ms) return true;
    if (now - since_ >= 2 * window_ms) return false;
    return deliveries <= std::max(last_, count_) * static_cast<std::uint64_t>(span_ms / window_ms);
  }

 private:
  base::epoch_ms began_ = -window_ms;
  base::epoch_ms since_ = 0;
  std::uint64_t count_ = 0;  // since then
  std::uint64_t last_ = 0;   // in the window before
};

// What lane_survey.hpp remembers of a lane from one look to the next.
struct lane_watch {
  base::epoch_ms waits_since = 0;  // engine time; 0: it does not wait, or cannot do anything about it
  std::uint64_t attempts_made = 0;
};

// What is known of one endpoint's backlog, and whether it may be sent to.
struct lane_state {
  model::integration_no integration = 0;
  bool active = false;
  bool degraded = false;     // nothing is sent but one probe at a time
  bool operational = false;  // of its deliveries and states no news is made
  bool ordered = false;
  bool deleted = false;  // its pending rows are being cancelled
  std::int32_t order_wait_s = 0;
  std::int32_t first_delay_s = 0;
  base::epoch_ms not_before = 0;
  base::epoch_ms next_due = never;  // no pending row that is not in a lane is due before
  base::epoch_ms loaded_up_to = 0;  // rows due before are in the lane; where the next load begins
  std::uint64_t pending_rows = 0;
  std::uint64_t chained_rows = 0;  // at least as many of them have hold <> 0; 0: surely none
  std::uint64_t rows_in_lane = 0;
  bool full = false;  // the last load was refused room; lane_has_room clears it
  base::epoch_ms full_since = 0;
  std::uint64_t open_directs = 0;
  drain_meter drains;
  std::uint64_t attempts_made = 0;  // since the writer began; lane_survey.hpp asks whether it grows
  lane_watch watch;
  std::unique_ptr<model::traffic_count> traffic;  // since it was last written (traffic_table.hpp); null: nothing
  std::int32_t config_version = 0;
  std::int32_t state_version = 0;
  base::epoch_ms failing_since = 0;  // engine time of the first failure after the last success; 0: not failing
  bool failing_is_stored = false;    // false: failing_since is known here only
  base::epoch_ms probe_at = 0;
  std::int32_t probes_failed = 0;
  model::delivery_id probe = 0;       // in the lane now; 0: none
  base::epoch_ms release_since = 0;   // what was parked is going out at a bounded rate; 0: nothing was
  std::int64_t released = 0;          // since then
  base::epoch_ms release_stored = 0;  // release_since as the endpoint's row has it
  std::unordered_map<std::uint64_t, direct_chain> direct_chains;  // by lane key; uids with a direct delivery only

  [[nodiscard]] direct_chain* chain(std::uint64_t lane_key) noexcept {
    const auto found = direct_chains.find(lane_key);
    return found == direct_chains.end() ? nullptr : &found->second;
  }
  // When a row that is due at `due` may go to the lane.
  [[nodiscard]] base::epoch_ms sendable_from(base::epoch_ms due) const noexcept {
    if (active) return std::max(due, not_before);
    return degraded && probe == 0 ? std::max({due, not_before, probe_at}) : never;
  }
  // It is active again: what is parked goes out, from the oldest on.
  void begin_release(base::epoch_ms now) noexcept {
    full = false;
    loaded_up_to = 0;
    next_due = pending_rows > 0 ? 0 : never;
    release_since = pending_rows > 0 ? now : 0;
    released = 0;
  }
  [[nodiscard]] bool sendable(base::epoch_ms now) const noexcept { return active && !deleted && not_before <= now; }
};

// A delivery on its first way out without a pending row: in its lane, or waiting for the one before it of its uid.
struct direct_delivery {
  model::delivery_id id = 0;
  model::event_id event = 0;
  model::endpoint_id endpoint = 0;
  std::uint64_t lane_key = 0;
  base::epoch_ms since = 0;    // engine time
  bool chained = false;        // ordered and has a uid
  model::shared_event body{};  // set while it waits: nobody else holds its bytes then
  bool cancel = false;         // cancelled unless it turns out delivered
  bool open = true;            // false: resolved, kept only until it reaches the front
};

// A pending row that is in a lane now.
struct laned_row {
  model::endpoint_id endpoint = 0;
  std::int64_t seq = 0;
  model::event_id event = 0;
  std::uint64_t lane_key = 0;
  base::epoch_ms due = 0;  // engine time
  std::int32_t tries = 0;
  std::int32_t attempts = 0;
  std::int32_t generation = 0;
  bool chained = false;
  bool cancel = false;
};

// Who is told of an integration's news.
struct news_desk {
  std::string integration_id;  // the 20 digits
  std::vector<std::shared_ptr<const model::endpoint>> endpoints;
};

class ledger {
 public:
  // Endpoints.
  [[nodiscard]] lane_state* lane(model::endpoint_id endpoint) noexcept;
  lane_state& add_lane(model::endpoint_id endpoint) { return lanes_[endpoint]; }
  [[nodiscard]] std::unordered_map<model::endpoint_id, lane_state>& lanes() noexcept { return lanes_; }

  // Integrations that have an operational endpoint.
  [[nodiscard]] std::unordered_map<model::integration_no, news_desk>& news_desks() noexcept { return news_desks_; }

  // Direct deliveries, by growing id.
  void add_direct(const direct_delivery& delivery);
  [[nodiscard]] direct_delivery* direct(model::delivery_id id) noexcept;
  // The caller is done with `delivery` (a pointer from direct()); its chain is free.
  void close_direct(direct_delivery& delivery);
  // It is no longer waiting: it goes to its lane, and its bytes with it.
  [[nodiscard]] model::shared_event start_waiting(direct_delivery& delivery);
  // The oldest open one; nullptr if none. Valid until the next change.
  [[nodiscard]] direct_delivery* oldest_direct() noexcept;
  [[nodiscard]] std::size_t direct_count() const noexcept { return open_directs_; }
  [[nodiscard]] const std::deque<direct_delivery>& directs() const noexcept { return directs_; }

  // Pending rows in lanes.
  void add_laned(model::delivery_id id, const laned_row& row);
  [[nodiscard]] laned_row* laned(model::delivery_id id) noexcept;
  void close_laned(model::delivery_id id);
  [[nodiscard]] const std::unordered_map<model::delivery_id, laned_row>& laned_rows() const noexcept { return laned_; }

  // Every delivery at or below it has an outcome or a pending row, given that ids up to `last_id` are used.
  [[nodiscard]] model::delivery_id watermark(std::int64_t last_id) noexcept;

  void clear();

 private:
  std::unordered_map<model::endpoint_id, lane_state> lanes_;
  std::unordered_map<model::integration_no, news_desk> news_desks_;
  std::deque<direct_delivery> directs_;  // sorted by id; closed ones leave when they reach the front
  std::size_t open_directs_ = 0;
  std::unordered_map<model::delivery_id, laned_row> laned_;
};

}  // namespace posthorn::store::sqlite
