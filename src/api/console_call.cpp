#include "api/console_call.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.hpp"
#include "net/http1_fields.hpp"
#include "net/web_origin.hpp"

namespace posthorn::api {
namespace {

// The prefix makes a browser keep the cookie only if it came by https, for this host alone: neither a page of a
// neighbouring host nor anybody on a plain connection can put one of that name there (RFC 6265bis section 4.1.3.2).
constexpr std::string_view plain_cookie = "posthorn_session";
constexpr std::string_view host_cookie = "__Host-posthorn_session";

bool is_by_https(const net::request& asked, std::string_view public_url) noexcept {
  return asked.tls || public_url.starts_with("https://");
}

// The host is what the browser has called; its scheme a proxy may have taken off, so the origin's stands for it.
bool is_own_host(std::string_view origin, std::string_view host) {
  const std::string_view scheme = origin.substr(0, origin.find("://") + 3);
  return !host.empty() && net::normal_origin(std::string(scheme) + std::string(host)) == origin;
}

}  // namespace

std::string_view session_cookie_of(const net::request& from, std::string_view public_url) noexcept {
  const std::string_view name = is_by_https(from, public_url) ? host_cookie : plain_cookie;
  std::string_view rest = from.fields.value_or_empty("Cookie");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view pair = net::trim_white_space(rest.substr(0, end));
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) return pair.substr(name.size() + 1);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

std::string session_cookie(std::string_view token, const net::request& asked_by, std::string_view public_url) {
  const bool by_https = is_by_https(asked_by, public_url);
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", by_https ? host_cookie : plain_cookie,
                     token, token.empty() ? 0 : base::limits::console_session_ms / 1000, by_https ? "; Secure" : "");
}

base::result<void> check_origin(const net::request& of, std::string_view public_url) {
  const std::string_view given = of.fields.value_or_empty("Origin");
  if (given.empty()) return {};
  const auto origin = net::normal_origin(given);
  if (origin == net::origin_of(public_url)) return {};
  const bool may_be_plain = !is_by_https(of, public_url);
  if (origin && (may_be_plain || origin->starts_with("https://")) &&
      is_own_host(*origin, of.fields.value_or_empty("Host"))) {
    return {};
  }
  return base::fail(base::fault::cross_site, "the call comes from a page of another site");
}

base::result<void> check_console_call(const net::request& of, std::string_view public_url) {
  if (of.fields.value_or_empty("X-Posthorn-Console") != "1") {
    return base::fail(base::fault::cross_site,
                      "a call with the console's cookie that changes something needs the header X-Posthorn-Console: 1");
  }
  return check_origin(of, public_url);
}

}  // namespace posthorn::api
