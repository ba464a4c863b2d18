// What a person does to single deliveries, and the slow ends of configuration changes. Writer thread, in a transaction.
#pragma once

#include "base/result.hpp"
#include "store/directory.hpp"
#include "store/sqlite/commit_group.hpp"

namespace posthorn::store::sqlite {

class control {
 public:
  explicit control(connection& on);

  // config_store::retry_delivery and cancel_delivery have the contract.
  base::result<void> retry(commit_group& group, model::delivery_id id);
  base::result<void> cancel(commit_group& group, model::delivery_id id);

  // Brings the lanes' settings in line with a directory just loaded. Endpoints gone from it become `deleted`.
  static void adopt(commit_group& group, const directory& now_current);

  // One step of cancelling what deleted endpoints still have pending, and of freeing chains whose endpoint is no longer
  // ordered. Returns false when there is nothing left to do.
  bool step(commit_group& group);

 private:
  base::result<void> retry_finished(commit_group& group, model::delivery_id id);

  statement outcome_, event_exists_, delivery_event_;
};

}  // namespace posthorn::store::sqlite
