#include "net/outbound_proxy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/encoding.hpp"
#include "base/limits.hpp"
#include "base/percent.hpp"
#include "net/http1_fields.hpp"

namespace posthorn::net {
namespace {

std::unexpected<base::error> invalid(std::string_view rule) {
  return base::fail(base::fault::invalid_configuration,
                    fmt::format("the proxy must be http://[USER:PASSWORD@]HOST:PORT: {}", rule));
}

// Of "USER:PASSWORD" as it stands in a URL (RFC 3986 section 3.2.1), for RFC 7617, whose user has no colon.
base::result<std::string> basic_authorization(std::string_view credentials) {
  const std::size_t colon = credentials.find(':');
  if (colon == std::string_view::npos) return invalid("the user has a password");
  const auto user = base::percent_decoded(credentials.substr(0, colon));
  const auto password = base::percent_decoded(credentials.substr(colon + 1));
  if (!user || !password) return invalid("in USER and PASSWORD, '%' is written %25");
  const std::string both = *user + ':' + *password;
  if (user->contains(':') || !std::ranges::none_of(both, [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
    return invalid("the user has a colon, or the credentials a control character");
  }
  return "Basic " + base::to_base64(both);
}

}  // namespace

base::result<outbound_proxy> outbound_proxy::parse(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) return invalid("it begins with http://");
  url.remove_prefix(scheme.size());
  if (url.ends_with('/')) url.remove_suffix(1);
  outbound_proxy made;
  if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) {
    auto authorization = basic_authorization(url.substr(0, at));
    if (!authorization) return std::unexpected(std::move(authorization.error()));
    made.authorization = *std::move(authorization);
    url.remove_prefix(at + 1);
  }
  const std::size_t colon = url.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return invalid("it names a port");
  const std::string_view port = url.substr(colon + 1);
  const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), made.port);
  if (failed != std::errc() || end != port.data() + port.size() || made.port == 0) return invalid("the port is wrong");
  std::string_view host = url.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty() || !std::ranges::all_of(host, [](char c) { return c > ' ' && c < 0x7f && c != '/' && c != '?'; })) {
    return invalid("the host is wrong");
  }
  made.host = host;
  return made;
}

std::string connect_request(const outbound_proxy& by, const boost::asio::ip::tcp::endpoint& to) {
  const std::string address = to.address().is_v6() ? fmt::format("[{}]:{}", to.address().to_string(), to.port())
                                                   : fmt::format("{}:{}", to.address().to_string(), to.port());
  std::string request = fmt::format("CONNECT {} HTTP/1.1\r\nHost: {}\r\n", address, address);
  if (!by.authorization.empty()) request += fmt::format("Proxy-Authorization: {}\r\n", by.authorization);
  return request + "\r\n";
}

connect_answer read_connect_answer(std::string_view bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    if (bytes.size() < base::limits::connect_answer_bytes_max) return {};
    return {.whole = true, .accepted = false, .problem = "the proxy's answer is too long"};
  }
  const std::string_view line = bytes.substr(0, bytes.find("\r\n"));
  const bool is_http = line.size() >= 12 && (line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 "));
  if (!is_http) return {.whole = true, .accepted = false, .problem = "the proxy does not answer in HTTP/1"};
  if (line[9] != '2') {
    return {.whole = true, .accepted = false, .problem = fmt::format("the proxy answered {}", line.substr(9))};
  }
  if (bytes.size() > end + 4) return {.whole = true, .accepted = false, .problem = "the proxy sent more than a head"};
  return {.whole = true, .accepted = true, .problem = {}};
}

}  // namespace posthorn::net
