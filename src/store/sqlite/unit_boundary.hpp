// How one unit of the writer's work fails alone: it runs in a savepoint of the open transaction, and nothing that it
// throws gets out. Where a unit that fails has changed what is known in memory of deliveries (commit_group::
// memory_changed), there is no undo code for that: the group is lost, and recovery, which reads the store, is the undo.
// Writer thread only.
#pragma once

#include <string_view>
#include <utility>

#include "base/boundary.hpp"
#include "base/result.hpp"
#include "store/sqlite/commit_group.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

// What the log is told of a unit.
struct unit_label {
  std::string_view where;
  std::string_view request_id{};  // "": of no request
};

// The savepoint and what is remembered of the group beside it.
class unit_savepoint {
 public:
  unit_savepoint(connection& on, commit_group& group);
  unit_savepoint(const unit_savepoint&) = delete;
  unit_savepoint& operator=(const unit_savepoint&) = delete;
  ~unit_savepoint();

  // False: it could not be set, and the group is lost.
  [[nodiscard]] bool is_set() const noexcept { return set_; }
  // The unit has passed, or what it did is undone.
  void close(const unit_label& of, bool passed);

 private:
  connection& on_;
  commit_group& group_;
  const bool configuration_changed_, steps_begun_, memory_changed_before_;
  bool set_ = false;
};

// Runs `work`, a callable that returns base::result<void>. Its error, or what it threw, is the answer.
template <class Work>
base::result<void> run_unit(connection& on, commit_group& group, const unit_label& label, Work&& work) {
  unit_savepoint savepoint(on, group);
  if (!savepoint.is_set()) return base::fail(base::fault::store_unavailable, "the store failed");
  base::result<void> outcome = base::contain(label.where, label.request_id, std::forward<Work>(work));
  savepoint.close(label, outcome.has_value());
  return outcome;
}

}  // namespace posthorn::store::sqlite
