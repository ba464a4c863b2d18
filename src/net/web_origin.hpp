// The address that people reach a server by, and the origin that their browsers say they come from (RFC 6454).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace posthorn::net {

// "https://host[:port][/path]" in one spelling: scheme and host in lower case, the host in its A-label form
// (base/idna.hpp), an address in its canonical one, no default port, no slash at the end. invalid_configuration, naming
// the rule, for what is no such address, or has a user, a query or a fragment: what is appended to it would not arrive.
[[nodiscard]] base::result<std::string> normal_public_url(std::string_view text);

// The serialisation of an origin (RFC 6454 section 6.2) that was written in any spelling; nullopt for "null", for what
// has a path, and for what is none.
[[nodiscard]] std::optional<std::string> normal_origin(std::string_view text);

// "https://example.com/sub" → "https://example.com"; of a normal_public_url.
[[nodiscard]] std::string_view origin_of(std::string_view public_url) noexcept;

}  // namespace posthorn::net
