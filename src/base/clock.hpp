// Time as the rest of the program sees it. Policy takes times as arguments; only composition and I/O hold a clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace posthorn::base {

// Milliseconds since the Unix epoch. Wall time for people and headers; engine time (below) for due times.
using epoch_ms = std::int64_t;

// Thread-safe.
class clock {
 public:
  virtual ~clock() = default;
  // The system's wall clock; may jump.
  [[nodiscard]] virtual epoch_ms wall() const noexcept = 0;
  // Never goes back, whatever the wall clock does: max(wall, last persisted) at start, plus monotonic time since.
  // Every due time, hold and deadline that is stored is in this time.
  [[nodiscard]] virtual epoch_ms engine() const noexcept = 0;
  // Makes engine() at least `floor`. Called once by the store's recovery with the last persisted value.
  virtual void raise_engine(epoch_ms floor) noexcept = 0;
};

// The real clock, shared by the process.
[[nodiscard]] clock& system_clock() noexcept;

// Monotonic microseconds, for measuring durations.
[[nodiscard]] std::int64_t steady_us() noexcept;

// RFC 3339 UTC with milliseconds: 2026-01-15T10:30:00.000Z.
[[nodiscard]] std::string to_rfc3339(epoch_ms at);
// RFC 9110 IMF-fixdate: Thu, 15 Jan 2026 10:30:00 GMT.
[[nodiscard]] std::string to_http_date(epoch_ms at);

}  // namespace posthorn::base
