// Percent-encoding (RFC 3986 section 2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace posthorn::base {

// nullopt: a '%' without two hexadecimal digits. '+' stands for itself.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace posthorn::base
