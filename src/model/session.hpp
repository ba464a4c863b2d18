// Assessment sessions (contract 1 and 2.2): one person's journey from the link to the score. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "model/ids.hpp"

namespace posthorn::model {

using session_id = base::id_value;

// assessment/session_machine.hpp draws the ways between them. created, consented and in_progress are live; the others
// have ended.
enum class session_state : std::uint8_t {
  created,      // made, perhaps opened, the privacy policy not yet answered
  consented,    // the policy is accepted, nothing has been given yet
  in_progress,  // some answer or device data is there
  complete,     // submitted with every required part; waits for its score
  incomplete,   // submitted with required parts missing
  cancelled,    // left, or the policy rejected
  expired,      // the time limit passed first
  scored,       // complete, and the score is known
};

// What the journey collects: answers on a page, or data of a device.
enum class platform : std::uint8_t { web, android, ios };

// How far the required parts are given: required items, or required permissions and features of a device.
struct progress {
  std::int32_t done = 0;
  std::int32_t required = 0;
  std::int32_t permissions_missing = 0;  // of what is not done: required permissions that were not granted

  bool operator==(const progress&) const = default;
};

// All times are engine time (base::clock::engine), so that none in a journey goes back; 0 is "not yet".
struct session {
  session_id id = 0;
  integration_no integration = 0;
  std::string uid;
  model::platform platform = platform::web;
  session_state state = session_state::created;
  base::epoch_ms created_at = 0;
  // The first instant that is too late: created_at + the time limit of that moment; of a link's session, the link's.
  base::epoch_ms expires_at = 0;
  base::epoch_ms opened_at = 0;
  base::epoch_ms consented_at = 0;
  base::epoch_ms first_response_at = 0;
  base::epoch_ms last_response_at = 0;
  base::epoch_ms ended_at = 0;  // of an expired one: expires_at, whenever it was noticed
  base::epoch_ms scored_at = 0;
  progress made;
  std::vector<std::string> end_reasons;  // of incomplete and cancelled

  bool operator==(const session&) const = default;
};

[[nodiscard]] bool is_live(session_state state) noexcept;
[[nodiscard]] std::string_view to_string(session_state value) noexcept;
[[nodiscard]] std::string_view to_string(platform value) noexcept;  // "WEB", "ANDROID", "IOS"
[[nodiscard]] std::optional<session_state> session_state_from(std::string_view text) noexcept;
[[nodiscard]] std::optional<platform> platform_from(std::string_view text) noexcept;

}  // namespace posthorn::model
