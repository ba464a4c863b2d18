// An HTTP proxy on the way out, reached by CONNECT (RFC 9110 section 9.3.6). It is the operator's own, so the address
// guard does not judge it; it is asked for exactly the address that the guard has judged, and TLS goes through it to
// the receiver, whose name is checked as without it.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace posthorn::net {

// A plain value.
struct outbound_proxy {
  std::string host;
  std::uint16_t port = 0;
  std::string authorization;  // the field's value, a secret; empty: none

  // "http://[USER:PASSWORD@]HOST:PORT", USER and PASSWORD percent-encoded where they have ':', '@', '/' or '%'.
  // invalid_configuration, naming the rule, and never the credentials.
  [[nodiscard]] static base::result<outbound_proxy> parse(std::string_view url);
};

[[nodiscard]] std::string connect_request(const outbound_proxy& by, const boost::asio::ip::tcp::endpoint& to);

// What the proxy has answered so far.
struct connect_answer {
  bool whole = false;
  bool accepted = false;  // 2xx, and nothing behind the head
  std::string problem;    // for a person, where it is whole and not accepted
};
[[nodiscard]] connect_answer read_connect_answer(std::string_view bytes);

}  // namespace posthorn::net
