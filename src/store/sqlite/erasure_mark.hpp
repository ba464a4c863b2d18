// What is left of an event whose person was erased: the row stays, so that its type, times and outcomes can be told.
//   uid       as many NUL bytes as it had (no uid of the API has one)
//   payload   as many NUL bytes as it had (no JSON begins with one)
//   uid_hash  erased_uid_hash
// The same lengths let SQLite write over the old bytes where they stand: nothing moves, so no copy stays behind.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "base/result.hpp"

namespace posthorn::store::sqlite {

inline constexpr std::int64_t erased_uid_hash = std::numeric_limits<std::int64_t>::max();

[[nodiscard]] inline bool is_erased_uid(std::string_view uid) noexcept { return uid.starts_with('\0'); }
[[nodiscard]] inline bool is_erased_hash(std::uint64_t uid_hash) noexcept {
  return uid_hash == static_cast<std::uint64_t>(erased_uid_hash);
}

[[nodiscard]] inline std::unexpected<base::error> erased_event() {
  return base::fail(base::fault::erased, "the person of this event was erased: its payload and uid are gone for good");
}

}  // namespace posthorn::store::sqlite
