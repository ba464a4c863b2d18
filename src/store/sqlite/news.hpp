// Operational events: made in the transaction of the change that they tell of, by the engine that delivers all others.
// Nobody is told of operational endpoints and their deliveries, so that news of failures cannot breed more of them.
// Writer thread, in a transaction.
#pragma once

#include <string>
#include <string_view>

#include "model/endpoint.hpp"
#include "store/delivery_log.hpp"
#include "store/sqlite/commit_group.hpp"

namespace posthorn::store::sqlite {

// The change of an endpoint's state. Nothing is made if no operational endpoint wants `type` (model::news).
void announce_state(commit_group& group, model::integration_no integration, std::string_view type,
                    model::endpoint_id endpoint, model::endpoint_state state, std::string_view reason,
                    base::epoch_ms failing_since, base::epoch_ms probe_at);

// A person has set the state of an endpoint that was `before`: told if it is enabled or disabled by it.
void announce_word(commit_group& group, model::endpoint_state before, const model::endpoint& after);

// A delivery of `event` that failed for good after `attempts`, the last one as reported.
void announce_failure(commit_group& group, const lane_state& lane, const attempt_report& report, model::event_id event,
                      std::int32_t attempts);

}  // namespace posthorn::store::sqlite
