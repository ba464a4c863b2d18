// Randomness from the operating system. Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::base {

[[nodiscard]] std::string random_bytes(std::size_t count);
// Of 63 bits, as ids have.
[[nodiscard]] std::uint64_t random_id();
// `count` characters of [0-9A-Za-z], without modulo bias.
[[nodiscard]] std::string random_text(std::size_t count);
// Uniform in [0, 1). Good enough for jitter; not for secrets.
[[nodiscard]] double random_unit() noexcept;
// A 20-digit decimal number as text, first digit not 0 (contract section 1, integration_id).
[[nodiscard]] std::string random_integration_id();

}  // namespace posthorn::base
