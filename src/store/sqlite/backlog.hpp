// From the pending table back to the lanes: what is due, sendable and has room. Writer thread, outside a transaction.
#pragma once

#include "store/sqlite/commit_group.hpp"

namespace posthorn::store::sqlite {

class backlog {
 public:
  explicit backlog(connection& on);

  // Loads due rows of every endpoint that may be sent to, oldest due first, as far as the lanes have room, and the
  // probes of degraded endpoints; appends them to group.offers. Returns when to look again (engine time), or `never`.
  // What cannot be read holds up nothing else and is tried again after a while; the log tells of it.
  base::epoch_ms load_due(commit_group& group);

 private:
  // When to look at the lane again.
  base::epoch_ms load_active(commit_group& group, model::endpoint_id endpoint, lane_state& lane);
  base::epoch_ms load_probe(commit_group& group, model::endpoint_id endpoint, lane_state& lane);
  void load_lane(commit_group& group, model::endpoint_id endpoint, lane_state& lane);
  enum class offered : std::uint8_t { yes, no_room, unreadable };
  offered offer(commit_group& group, const lane_state& lane, const pending_row& row, bool probe);
  // When the endpoint's next row is due, given that all that is due now has been looked at.
  static base::epoch_ms next_due(commit_group& group, model::endpoint_id endpoint);

  statement due_rows_, event_;
};

}  // namespace posthorn::store::sqlite
