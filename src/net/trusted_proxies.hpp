// Whose word on a caller's address is taken: the networks of the reverse proxies in front of the server.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/http1_fields.hpp"
#include "net/subnet.hpp"

namespace posthorn::net {

// IPv4-mapped IPv6 addresses (::ffff:192.0.2.1) as the IPv4 address that they stand for.
[[nodiscard]] boost::asio::ip::address without_mapping(const boost::asio::ip::address& address);

// Immutable once made; copies are cheap enough for a server each.
class trusted_proxies {
 public:
  // Each text as subnet::parse takes it. invalid_configuration names the one that it does not take.
  [[nodiscard]] static base::result<trusted_proxies> parse(std::span<const std::string> networks);

  [[nodiscard]] bool empty() const noexcept { return networks_.empty(); }
  [[nodiscard]] bool contains(const boost::asio::ip::address& address) const;

  // The right-most X-Forwarded-For entry that is not itself a trusted proxy, if `peer` is one; else `peer`. An entry
  // that is no address ends the search at the proxy that wrote it, since what stands left of it is hearsay.
  [[nodiscard]] boost::asio::ip::address caller(const boost::asio::ip::address& peer, const field_list& fields) const;
  // True if `peer` is trusted and says that its own caller used TLS (X-Forwarded-Proto: https).
  [[nodiscard]] bool caller_used_tls(const boost::asio::ip::address& peer, const field_list& fields) const;

 private:
  std::vector<subnet> networks_;
};

}  // namespace posthorn::net
