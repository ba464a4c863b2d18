// What the parts count, as metrics (docs/metrics.md).
#pragma once

#include <cstddef>

#include "api/failure_guard.hpp"
#include "api/metrics.hpp"
#include "dispatch/dispatch_stats.hpp"
#include "store/directory.hpp"

namespace posthorn::app {

[[nodiscard]] api::readings delivery_readings(const dispatch::dispatch_stats& now);
// How many endpoints there are in each state: `degraded` ones have their breaker open.
[[nodiscard]] api::readings endpoint_readings(const store::directory& now);
[[nodiscard]] api::readings door_readings(std::size_t connections, const api::failure_guard& failures);

}  // namespace posthorn::app
