#include "api/console_call.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.hpp"
#include "net/http1_fields.hpp"

namespace posthorn::api {
namespace {

constexpr std::string_view cookie_name = "posthorn_session";

// "https://example.com/sub" → "https://example.com"
std::string_view origin_of(std::string_view url) noexcept {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  return url.substr(0, std::min(url.find('/', scheme + 3), url.size()));
}

bool is_own_host(std::string_view origin, std::string_view host) noexcept {
  const std::size_t scheme = origin.find("://");
  return scheme != std::string_view::npos && !host.empty() &&
         net::equals_ignoring_case(origin.substr(scheme + 3), host);
}

}  // namespace

std::string_view session_cookie_of(const net::request& from) noexcept {
  std::string_view rest = from.fields.value_or_empty("Cookie");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view pair = net::trim_white_space(rest.substr(0, end));
    if (pair.starts_with(cookie_name) && pair.substr(cookie_name.size()).starts_with('=')) {
      return pair.substr(cookie_name.size() + 1);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

std::string session_cookie(std::string_view token, const net::request& asked_by, std::string_view public_url) {
  const bool secure = asked_by.tls || public_url.starts_with("https://");
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", cookie_name, token,
                     token.empty() ? 0 : base::limits::console_session_ms / 1000, secure ? "; Secure" : "");
}

base::result<void> check_origin(const net::request& of, std::string_view public_url) {
  const std::string_view origin = of.fields.value_or_empty("Origin");
  if (origin.empty() || net::equals_ignoring_case(origin, origin_of(public_url)) ||
      is_own_host(origin, of.fields.value_or_empty("Host"))) {
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
