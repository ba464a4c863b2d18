// Whether the engine moves: a server that accepts and never sends must not look ready. Pure.
#pragma once

#include <cstdint>

namespace posthorn::policy {

struct engine_facts {
  // How long the lane that has stood still for longest has: something of it is due, its endpoint is active, its breaker
  // closed, there is room in the lane and on the wire, and no attempt was made. 0: none stands still.
  std::int64_t stalled_ms = 0;
  std::int64_t since_turn_ms = 0;  // since the store's writer, which makes a turn a second, made its last one
};

enum class engine_state : std::uint8_t {
  moving,
  not_sending,  // what is due and could be sent is not
  not_writing   // the writer hangs: nothing is accepted, recorded or loaded
};

// Stuck is what has lasted longer than `stuck_ms`, which is longer than any attempt takes.
[[nodiscard]] constexpr engine_state judge(const engine_facts& facts, std::int64_t stuck_ms) noexcept {
  if (facts.since_turn_ms > stuck_ms) return engine_state::not_writing;
  return facts.stalled_ms > stuck_ms ? engine_state::not_sending : engine_state::moving;
}

}  // namespace posthorn::policy
