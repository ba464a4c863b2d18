#include "net/web_origin.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/idna.hpp"
#include "net/url.hpp"

namespace posthorn::net {
namespace {

std::unexpected<base::error> broken(std::string_view rule) {
  return base::fail(base::fault::invalid_configuration,
                    fmt::format("must be of the form https://HOST[:PORT][/PATH]: {}", rule));
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

base::result<std::string> normal_public_url(std::string_view text) {
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return broken("it begins with https:// or http://");
  if (text.contains('?')) return broken("it has no query ('?')");
  if (text.contains('#')) return broken("it has no fragment ('#')");
  const std::size_t host_at = scheme_end + 3;
  const std::size_t authority_end = std::min(text.find('/', host_at), text.size());
  const std::string_view authority = text.substr(host_at, authority_end - host_at);
  if (authority.contains('@')) return broken("it has no user");
  std::string ascii(text);
  if (!is_ascii(authority)) {
    const std::string_view host = authority.substr(0, authority.find(':'));
    const auto name = base::to_ascii_host(host);
    if (!name) return broken(fmt::format("'{}' is no host name", host));
    ascii.replace(host_at, host.size(), *name);
  }
  const auto parsed = parse_endpoint_url(ascii, {.allow_http = true, .guard = nullptr});
  if (!parsed) return broken(parsed.error().detail);
  std::string url = (parsed->tls ? "https://" : "http://") + parsed->authority + parsed->target;
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::optional<std::string> normal_origin(std::string_view text) {
  auto url = normal_public_url(text);
  if (!url || text.ends_with('/') || origin_of(*url) != *url) return std::nullopt;
  return *std::move(url);
}

std::string_view origin_of(std::string_view public_url) noexcept {
  const std::size_t scheme_end = public_url.find("://");
  if (scheme_end == std::string_view::npos) return {};
  return public_url.substr(0, std::min(public_url.find('/', scheme_end + 3), public_url.size()));
}

}  // namespace posthorn::net
