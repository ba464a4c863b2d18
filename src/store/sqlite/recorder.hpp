// Applies attempt reports: each either ends its delivery, plans its next try, or gives it back to the backlog;
// then it may change its endpoint's state (condition.hpp).
// A report changes something only if the delivery is still the reporter's, in the same generation (invariant 4).
#pragma once

#include "store/sqlite/commit_group.hpp"

namespace posthorn::store::sqlite {

void record_report(commit_group& group, const attempt_report& report);

}  // namespace posthorn::store::sqlite
