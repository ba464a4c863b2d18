// A master key outside the store: 32 bytes as base64, in a file that its owner alone may read, or as a text from the
// environment.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace posthorn::app {

inline constexpr std::size_t master_key_bytes = 32;

// invalid_configuration, naming `source`: not 32 bytes in base64. A line's end behind it is let pass.
[[nodiscard]] base::result<std::string> decode_key(std::string_view text, std::string_view source);

// not_found: there is no such file. invalid_configuration: others may read it, or it holds no key.
[[nodiscard]] base::result<std::string> read_key_file(const std::string& path);

// Made, or replaced, at once and for good when this returns: a crash leaves the old content or the new one, never half.
[[nodiscard]] base::result<void> write_key_file(const std::string& path, std::string_view key);
// The same of a file that is there already.
[[nodiscard]] base::result<void> rename_key_file(const std::string& from, const std::string& to);

}  // namespace posthorn::app
