// A block of IP addresses in CIDR form (RFC 4632, RFC 4291 section 2.3): "10.0.0.0/8", "fd00::/8", "192.0.2.7".
#pragma once

#include <array>
#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace posthorn::net {

// A plain value. IPv4 and IPv6 blocks are apart: 0.0.0.0/0 contains no IPv6 address, whatever that embeds.
class subnet {
 public:
  // A lone address is the block of itself. invalid_configuration, naming the rule, for anything but canonical numbers:
  // bits beyond the prefix must be zero, so that a typing error does not silently widen a block.
  [[nodiscard]] static base::result<subnet> parse(std::string_view text);

  // `bits` <= 32 for IPv4, 128 for IPv6.
  subnet(const boost::asio::ip::address& first, unsigned bits);

  [[nodiscard]] bool contains(const boost::asio::ip::address& address) const noexcept;
  // All of `inner`.
  [[nodiscard]] bool contains(const subnet& inner) const noexcept;

 private:
  std::array<std::uint8_t, 16> bytes_{};  // IPv4: the first four
  unsigned bits_ = 0;
  bool v4_ = false;
};

}  // namespace posthorn::net
