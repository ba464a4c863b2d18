// What the parts count, as metrics (docs/metrics.md).
#pragma once

#include <cstddef>

#include "account/hash_queue.hpp"
#include "account/login_guard.hpp"
#include "api/failure_guard.hpp"
#include "api/metrics.hpp"
#include "dispatch/dispatch_stats.hpp"
#include "store/directory.hpp"

namespace posthorn::app {

[[nodiscard]] api::readings delivery_readings(const dispatch::dispatch_stats& now);
// How many endpoints there are in each state: `degraded` ones have their breaker open.
[[nodiscard]] api::readings endpoint_readings(const store::directory& now);
[[nodiscard]] api::readings door_readings(std::size_t connections, const api::failure_guard& failures);
[[nodiscard]] api::readings login_readings(const account::login_guard& logins, const account::hash_queue& hashes);
// Of the program's log on standard error.
[[nodiscard]] api::readings log_readings();

}  // namespace posthorn::app
