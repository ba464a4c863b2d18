// A 64-bit hash that is the same on every machine and in every version: what is stored may contain it.
// SipHash-2-4 under a fixed public key; 0 only for the empty text. Thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

namespace posthorn::base {

[[nodiscard]] std::uint64_t stable_hash(std::string_view text) noexcept;

}  // namespace posthorn::base
