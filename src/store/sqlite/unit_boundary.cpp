#include "store/sqlite/unit_boundary.hpp"

#include <fmt/format.h>

namespace posthorn::store::sqlite {

unit_savepoint::unit_savepoint(connection& on, commit_group& group)
    : on_(on),
      group_(group),
      configuration_changed_(group.configuration_changed),
      steps_begun_(group.steps_begun),
      memory_changed_before_(std::exchange(group.memory_changed, false)) {
  const int code = on_.exec("SAVEPOINT unit");
  group_.sql.note_failure(code);
  set_ = code == SQLITE_OK;
}

unit_savepoint::~unit_savepoint() { group_.memory_changed = group_.memory_changed || memory_changed_before_; }

void unit_savepoint::close(const unit_label& of, bool passed) {
  // SQLite rolls back the whole transaction where a statement fails for the disk: then there is no savepoint any more.
  if (!on_.in_transaction()) group_.sql.note_failure(on_.last_failure());
  if (group_.sql.failure() != SQLITE_OK) return;
  if (!passed) {
    if (group_.memory_changed) {
      return group_.lose(fmt::format("{} failed after it had changed deliveries: all is read anew", of.where));
    }
    group_.sql.note_failure(on_.exec("ROLLBACK TO unit"));
    group_.configuration_changed = configuration_changed_;
    group_.steps_begun = steps_begun_;
  }
  group_.sql.note_failure(on_.exec("RELEASE unit"));
}

}  // namespace posthorn::store::sqlite
