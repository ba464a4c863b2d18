// Text forms of bytes: hex, base64 (RFC 4648 section 4), base64url without padding (section 5).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace posthorn::base {

[[nodiscard]] std::string to_hex(std::string_view bytes);  // lowercase
[[nodiscard]] std::string to_base64(std::string_view bytes);
[[nodiscard]] std::string to_base64url(std::string_view bytes);
// nullopt for anything but the exact encoding: wrong alphabet, wrong padding, stray white space.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);

// True if both are equal; takes the same time for equal lengths wherever they differ.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

}  // namespace posthorn::base
