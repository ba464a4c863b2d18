// Internationalised domain names as DNS, certificates and browsers have them: in ASCII.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace posthorn::base {

// The A-label form of a host name given as UTF-8: lower case, each label that is not ASCII as "xn--…" (IDNA2008 in the
// mapping of UTS #46, non-transitional, as browsers do it). A name in ASCII only loses its upper case. nullopt where
// the standards know no such name: characters that are not allowed, an empty label, one of more than 63 bytes, no
// UTF-8.
[[nodiscard]] std::optional<std::string> to_ascii_host(std::string_view name);

}  // namespace posthorn::base
