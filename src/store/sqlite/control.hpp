// What a person does to single deliveries, and the slow ends of configuration changes. Writer thread, in a transaction.
#pragma once

#include "base/result.hpp"
#include "store/directory.hpp"
#include "store/sqlite/commit_group.hpp"
#include "store/sqlite/event_deliveries.hpp"
#include "store/sqlite/resender.hpp"

namespace posthorn::store::sqlite {

class control {
 public:
  explicit control(connection& on);

  // config_store::retry_delivery and cancel_delivery, replay_store::replay_delivery and replay_event have the contract.
  base::result<void> retry(commit_group& group, model::delivery_id id);
  base::result<void> cancel(commit_group& group, model::delivery_id id);
  base::result<void> replay(commit_group& group, model::delivery_id id);
  base::result<std::vector<replayed_delivery>> replay_event(commit_group& group, model::event_id id,
                                                            const std::vector<model::endpoint_id>& to);

  // Brings the lanes' settings in line with a directory just loaded. Endpoints gone from it become `deleted`.
  static void adopt(commit_group& group, const directory& now_current);

  // One step of cancelling what deleted endpoints still have pending, and of freeing chains whose endpoint is no longer
  // ordered. Returns false when there is nothing left to do.
  bool step(commit_group& group);

 private:
  base::result<void> send_again(commit_group& group, model::delivery_id id);

  connection& on_;
  resender resend_;
  delivery_lister deliveries_;
  statement result_, uid_hash_;
};

// The row ends as cancelled. If it was a chain's head, release_next is the caller's.
void cancel_row(commit_group& group, lane_state* lane, const pending_row& row);

}  // namespace posthorn::store::sqlite
