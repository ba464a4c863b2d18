// A job: sending many deliveries again, in small steps that survive restarts (docs/replay.md). Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "model/ids.hpp"

namespace posthorn::model {

using job_id = base::id_value;

enum class job_kind : std::uint8_t {
  retry,   // deliveries that failed or were cancelled
  replay,  // deliveries whatever their end, or events that an endpoint never got
  recover  // what failed at one endpoint that is on again
};
enum class job_state : std::uint8_t { running, done, cancelled, failed };

// Which deliveries a job sends again. What is pending goes out by itself, so no choice has it.
enum class replay_choice : std::uint8_t {
  failed,
  cancelled,
  delivered,
  finished,  // all three
  missing,   // events that have no delivery to the endpoint named, and that it would get now: they get one
  unrouted   // of these, the ones that have no delivery at all
};

// The two that make deliveries, so they need an endpoint.
[[nodiscard]] constexpr bool makes_deliveries(replay_choice value) noexcept {
  return value == replay_choice::missing || value == replay_choice::unrouted;
}

struct replay_filter {
  replay_choice choice = replay_choice::failed;
  std::optional<endpoint_id> endpoint{};  // none: every endpoint of the integration
  std::string type{};                     // model/event_pattern.hpp; empty: every type
  base::epoch_ms since = 0;               // accepted_at ≥ since, wall time
  base::epoch_ms until = 0;               // accepted_at < until; 0: no bound
  base::epoch_ms ended_since = 0;         // the delivery ended then or later
};

struct job {
  job_id id = 0;
  integration_no integration = 0;
  job_kind kind = job_kind::retry;
  job_state state = job_state::running;
  replay_filter filter{};
  std::optional<std::int64_t> total{};  // deliveries that the filter had when the job was made; none: not counted
  std::int64_t requeued = 0;
  std::int64_t skipped = 0;        // of those found: the endpoint or the event is gone, or it is on its way already
  base::epoch_ms created_at = 0;   // wall time
  base::epoch_ms finished_at = 0;  // wall time; 0: running
  std::string error{};             // why it failed
};

[[nodiscard]] std::string_view to_string(job_kind value) noexcept;
[[nodiscard]] std::string_view to_string(job_state value) noexcept;
[[nodiscard]] std::string_view to_string(replay_choice value) noexcept;
[[nodiscard]] std::optional<job_kind> job_kind_from(std::string_view text) noexcept;
[[nodiscard]] std::optional<job_state> job_state_from(std::string_view text) noexcept;
[[nodiscard]] std::optional<replay_choice> replay_choice_from(std::string_view text) noexcept;

}  // namespace posthorn::model
