// The URL of a customer's endpoint: parsed once, strictly, where it is configured and where it is used (RFC 3986).
// Lenient readings of odd addresses (0x7f.1, 2130706433, 127.1) are how address filters are fooled, so such hosts are
// refused instead of interpreted.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/address_guard.hpp"

namespace posthorn::net {

struct endpoint_url {
  bool tls = true;
  std::string host;                                 // lower case, no trailing dot, no brackets
  std::optional<boost::asio::ip::address> literal;  // set if `host` is an address
  std::uint16_t port = 443;
  std::string target;     // origin-form: path and query as written, beginning with "/"
  std::string authority;  // value for the Host field: brackets kept, default port left out
};

struct url_rules {
  bool allow_http = false;
  // Judges a literal address at once; the addresses of a name are judged at each connect. Not owned; null: no judging.
  const address_guard* guard = nullptr;
  // For a URL that is being configured: its name is judged, too. One that stands in the store already is not, it is
  // the connection that counts.
  bool judge_name = false;
};

// The rules for `text` where it is to replace `before`, "" for nothing: a name that stands already may stay.
[[nodiscard]] inline url_rules rules_for(std::string_view text, std::string_view before, url_rules rules) noexcept {
  rules.judge_name = rules.judge_name && text != before;
  return rules;
}

// invalid_field, its detail naming the rule that was broken, for anything but
//   "https://" (or "http://" where allowed) host [":" port] ["/" path] ["?" query]
// without user information, fragment, zone id, white space, control or non-ASCII characters, of at most
// limits::url_bytes_max bytes. A host is a name of letters, digits, "-" and "_" (internationalised names as "xn--…"), a
// dotted-decimal IPv4 address or a bracketed IPv6 address. The port is 1 to 65535.
[[nodiscard]] base::result<endpoint_url> parse_endpoint_url(std::string_view text, const url_rules& rules);

}  // namespace posthorn::net
