// Where an owed delivery goes at its accept (or when recovery finds it): straight to its lane, or to the pending table.
#pragma once

#include "store/sqlite/commit_group.hpp"

namespace posthorn::store::sqlite {

// Places delivery `id` of `event`. The event's row is in the store already (same transaction).
// A delivery to an endpoint that is gone is cancelled at once. Ordered deliveries wait for earlier ones of their uid.
void place(commit_group& group, const model::shared_event& event, std::uint64_t uid_hash, model::endpoint_id endpoint,
           model::delivery_id id);

// Gives a direct delivery a pending row, so that the watermark may pass it; it stays in its lane.
void spill(commit_group& group, direct_delivery& delivery);

// One that waits in memory behind its chain's head ends as cancelled.
void cancel_waiting(commit_group& group, direct_delivery& delivery);

// Those that wait in memory behind a chain's head get pending rows, too: the head has one now. `first_is_head`: there
// is no head any more, the first of them takes its place.
void spill_waiting(commit_group& group, model::endpoint_id endpoint, std::uint64_t lane_key, bool first_is_head);

// After a delivery of a chain ended (its row is deleted, its direct closed): the next of the uid becomes due.
void release_next(commit_group& group, model::endpoint_id endpoint, std::uint64_t lane_key);

// Waiting rows whose order_wait_max_s is over become due, and what they waited for no longer holds anyone.
// At most `count` rows; returns how many.
std::size_t release_overdue(commit_group& group, model::endpoint_id endpoint, std::size_t count);

}  // namespace posthorn::store::sqlite
