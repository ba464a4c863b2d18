// The state of an endpoint as attempts change it: the breaker opens, is probed and closes; what only fails is disabled.
// The states and what they mean are policy's (policy/endpoint_health.hpp); what is concluded there is made durable
// here, in the transaction of the attempt that it follows from. Writer thread, in a transaction.
#pragma once

#include "store/sqlite/commit_group.hpp"

namespace posthorn::store::sqlite {

// After the report has been applied to its delivery; whether that was still owed or not.
void apply_to_endpoint(commit_group& group, const attempt_report& report);

// When the release of what was parked began (release_ramp.hpp) is remembered over a restart.
void store_release(commit_group& group, model::endpoint_id endpoint, lane_state& lane);

// Endpoints that have been failing for a while are remembered so over a restart. Not each at its first failure: an
// endpoint that fails now and then must not cost a write each time.
void store_failing_since(commit_group& group, model::endpoint_id endpoint, lane_state& lane);

}  // namespace posthorn::store::sqlite
