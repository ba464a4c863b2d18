// Applies accepted drafts to the store: idempotency, id, event row, placement of each target.
#pragma once

#include "store/event_intake.hpp"
#include "store/sqlite/commit_group.hpp"
#include "store/sqlite/idempotency_memory.hpp"

namespace posthorn::store::sqlite {

// A result per draft, valid once the group has committed. Takes type, uid and payload out of the drafts.
std::vector<accept_result> accept_drafts(commit_group& group, idempotency_memory& memory,
                                         std::vector<event_draft>& drafts);

// One event of a unit of work, without an Idempotency-Key. Takes type, uid and payload out of the draft.
void make_event(commit_group& group, event_draft& draft);

}  // namespace posthorn::store::sqlite
