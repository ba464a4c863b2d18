// How sessions begin and are found again (contract 2.5, 2.7, 2.8). Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "model/session.hpp"

namespace posthorn::assessment {

// What a call for a session of some uid gets, given the latest session of that uid in the integration.
enum class admission : std::uint8_t {
  create,  // there is none
  resume,  // it is live: the same one answers, with a fresh token
  refuse,  // it has ended: a uid is used once. If its state is still live, its limit has passed: expire it as well
};
[[nodiscard]] admission admit(const std::optional<model::session>& latest, base::epoch_ms now);

// Whether a regenerated link begins a new session for the uid: only if the one before ended uncompleted. A live one,
// within its limit, is resumed instead; a complete or scored one is never repeated.
[[nodiscard]] bool may_begin_again(const model::session& latest, base::epoch_ms now);

// `of` with created_at, expires_at and state set; every other field as given. limit_s is within
// limits::session_limit_s_min and _max.
[[nodiscard]] model::session begin(model::session of, std::int32_t limit_s, base::epoch_ms now);

}  // namespace posthorn::assessment
