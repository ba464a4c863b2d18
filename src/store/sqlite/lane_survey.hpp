// What waits, looked at once a second: for the gauges, and for whether the engine moves. The looks at one lane make a
// story: it stands still if at every one of them it had something due and room to send it, and no attempt was made
// between them. Writer thread.
#pragma once

#include <cstdint>

#include "store/delivery_log.hpp"
#include "store/sqlite/commit_group.hpp"
#include "store/traffic_log.hpp"

namespace posthorn::store::sqlite {

// Pure. Whether the lane has something due that could go out now: in the store, with room in the lane, or in the lane,
// with room on the wire. An endpoint that is not active, or that rests, has nothing that could.
[[nodiscard]] bool could_send(const lane_state& lane, const lane_load& load, base::epoch_ms now) noexcept;

// Pure. The watch after one more look.
[[nodiscard]] lane_watch look_again(const lane_state& lane, const lane_load& load, base::epoch_ms now) noexcept;

// Looks at every lane, and writes the gauges of counters. What waits, by endpoint.
[[nodiscard]] backlog_map survey(ledger& known, delivery_sink& sink, counters& count, base::epoch_ms now);

}  // namespace posthorn::store::sqlite
