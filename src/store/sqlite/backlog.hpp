// From the pending table back to the lanes: what is due, sendable and has room. Writer thread, outside a transaction.
#pragma once

#include "store/sqlite/commit_group.hpp"

namespace posthorn::store::sqlite {

class backlog {
 public:
  explicit backlog(connection& on);

  // Loads due rows of every endpoint that may be sent to, oldest due first, as far as the lanes have room; appends them
  // to group.offers. Returns when to look again (engine time): the least next due, or `never`.
  base::epoch_ms load_due(commit_group& group);

 private:
  void load_lane(commit_group& group, model::endpoint_id endpoint, lane_state& lane);

  statement due_rows_;
};

}  // namespace posthorn::store::sqlite
