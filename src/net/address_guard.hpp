// Decides which IP addresses a customer-configured URL may reach, and which names it may have. Pure: nothing is
// resolved, no sockets.
// Ranges: IANA's special-purpose registries (RFC 6890) and the cloud providers' metadata services. An IPv6 address that
// embeds an IPv4 address (mapped, 6to4, Teredo, NAT64, ISATAP) is judged by both.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/subnet.hpp"

namespace posthorn::net {

struct address_rules {
  // Opens networks that are one's own: private, loopback, link-local, shared, unique local, documentation. Metadata
  // services, multicast, unspecified, broadcast and reserved addresses stay refused.
  bool allow_private = false;
  // Judged in this order, before the built-in ranges, on the address and on every IPv4 address embedded in it.
  std::vector<subnet> deny;
  std::vector<subnet> allow;
};

// Immutable; thread-safe.
class address_guard {
 public:
  address_guard() = default;
  explicit address_guard(address_rules rules) : rules_(std::move(rules)) {}

  // Why no connection may go to `address`, for a person ("loopback address"); nullopt if one may. Static storage.
  [[nodiscard]] std::optional<std::string_view> refusal(const boost::asio::ip::address& address) const;

  // The same of a host that a URL is to name from now on, before anybody resolves it: a name that is local by
  // definition (local_names.hpp) needs allow_private, or an allowed block that it may lead into: for this host's own
  // names one that has loopback addresses, for the network's any that has others. `host` as endpoint_url has it.
  [[nodiscard]] std::optional<std::string_view> refusal_of_name(std::string_view host) const;

 private:
  [[nodiscard]] std::optional<std::string_view> refusal_v4(const boost::asio::ip::address_v4& address) const;
  [[nodiscard]] std::optional<std::string_view> refusal_v6(const boost::asio::ip::address_v6& address) const;

  address_rules rules_;
};

}  // namespace posthorn::net
