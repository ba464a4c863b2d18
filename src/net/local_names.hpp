// Host names that by definition lead into the network of whoever resolves them, and to nobody on the Internet.
#pragma once

#include <cstdint>
#include <string_view>

namespace posthorn::net {

enum class name_reach : std::uint8_t {
  anywhere,
  this_host,     // localhost, *.localhost (RFC 6761), and the names of it that systems ship in their hosts file
  this_network,  // *.local (RFC 6762), *.internal (ICANN, 2024), *.home.arpa (RFC 8375), *.localdomain
};

// `host` as endpoint_url has it: lower case, no trailing dot.
[[nodiscard]] name_reach reach_of_name(std::string_view host) noexcept;

}  // namespace posthorn::net
