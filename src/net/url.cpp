#include "net/url.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/limits.hpp"
#include "net/http1_fields.hpp"

namespace posthorn::net {
namespace {

namespace ip = boost::asio::ip;
namespace limits = base::limits;

std::unexpected<base::error> broken(std::string rule) {
  return base::fail(base::fault::invalid_field, std::move(rule));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex_digit(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }
bool is_letter_or_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'z'); }

// What some resolver would read as a number: decimal, or hexadecimal with its prefix.
bool is_number(std::string_view label) {
  if (label.starts_with("0x")) return std::ranges::all_of(label.substr(2), is_hex_digit);
  return !label.empty() && std::ranges::all_of(label, is_digit);
}

// The rule that `name` breaks, or "". RFC 1123 section 2.1, and "_" because names in use have it.
std::string_view name_fault(std::string_view name) {
  if (name.empty()) return "the host is missing";
  if (name.size() > limits::host_name_chars_max) return "the host name is longer than 253 characters";
  for (std::string_view rest = name;;) {
    const std::size_t dot = rest.find('.');
    const std::string_view label = rest.substr(0, dot);
    if (label.empty()) return "the host name has an empty label";
    if (label.size() > limits::host_label_chars_max) return "the host name has a label longer than 63 characters";
    if (label.front() == '-' || label.back() == '-') return "a label of the host name begins or ends with '-'";
    if (!std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; })) {
      return "the host name may have letters, digits, '-' and '_' only";
    }
    // A name whose last label is a number is an address to some resolvers (WHATWG URL, "ends in a number").
    if (dot == std::string_view::npos) {
      return is_number(label) ? "write the address in its canonical form, e.g. 192.0.2.1" : std::string_view();
    }
    rest.remove_prefix(dot + 1);
  }
}

std::string_view text_fault(std::string_view text) {
  if (text.empty()) return "the URL is empty";
  static_assert(limits::url_bytes_max == 2048);
  if (text.size() > limits::url_bytes_max) return "the URL is longer than 2048 bytes";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return "the URL has a control character";
    if (byte == ' ') return "the URL has a space";
    if (byte > 0x7f) return "the URL has a non-ASCII character: percent-encode it, and write the host as xn--…";
    if (c == '\\') return "the URL has a backslash";
  }
  return {};
}

// RFC 3986 section 3.3 and 3.4: pchar, "/" and "?".
std::string_view target_fault(std::string_view target) {
  constexpr std::string_view plain = "-._~!$&'()*+,;=:@/?";
  for (std::size_t at = 0; at < target.size(); ++at) {
    const char c = target[at];
    if (c == '%') {
      if (at + 2 >= target.size() || !is_hex_digit(target[at + 1]) || !is_hex_digit(target[at + 2])) {
        return "a '%' in the URL is not followed by two hexadecimal digits";
      }
    } else if (std::isalnum(static_cast<unsigned char>(c)) == 0 && plain.find(c) == std::string_view::npos) {
      return "the path or query has a character that must be percent-encoded";
    }
  }
  return {};
}

// authority = host [ ":" port ]; host = name / IPv4 / "[" IPv6 "]"
struct authority_parts {
  std::string host;  // lower case; without brackets
  bool bracketed = false;
  std::optional<std::string_view> port;
};

base::result<authority_parts> split_authority(std::string_view text) {
  if (text.find('@') != std::string_view::npos) {
    return broken("the URL has a user name or password: use the endpoint's authentication");
  }
  if (text.find('%') != std::string_view::npos) {
    return broken("the host may have neither percent-encoding nor a zone id");
  }
  authority_parts out;
  std::size_t host_end = 0;
  if (text.starts_with('[')) {
    out.bracketed = true;
    host_end = text.find(']');
    if (host_end == std::string_view::npos) return broken("the ']' of the IPv6 address is missing");
    out.host = text.substr(1, host_end++ - 1);
  } else {
    host_end = std::min(text.find(':'), text.size());
    out.host = text.substr(0, host_end);
  }
  std::ranges::transform(out.host, out.host.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::string_view rest = text.substr(host_end);
  if (rest.starts_with(':')) {
    out.port = rest.substr(1);
  } else if (!rest.empty()) {
    return broken("only a port may follow the IPv6 address");
  }
  return out;
}

base::result<void> take_host(authority_parts parts, endpoint_url& out) {
  std::string& host = parts.host;
  boost::system::error_code failed;
  if (parts.bracketed) {
    out.literal = ip::make_address_v6(host, failed);
    if (failed) return broken("what stands in brackets is not an IPv6 address");
    out.host = out.literal->to_string();
    out.authority = "[" + out.host + "]";
    return {};
  }
  // Nothing but four plain decimal numbers gives back its own text.
  const ip::address_v4 v4 = ip::make_address_v4(host, failed);
  if (!failed && v4.to_string() == host) {
    out.literal = v4;
  } else {
    if (host.ends_with('.')) host.pop_back();
    if (const std::string_view rule = name_fault(host); !rule.empty()) return broken(std::string(rule));
  }
  out.host = std::move(host);
  out.authority = out.host;
  return {};
}

base::result<void> take_port(std::optional<std::string_view> text, endpoint_url& out) {
  const std::uint16_t usual = out.tls ? 443 : 80;
  out.port = usual;
  if (!text) return {};
  const auto [stop, error] = std::from_chars(text->data(), text->data() + text->size(), out.port);
  if (error != std::errc() || stop != text->data() + text->size() || out.port == 0)
    return broken("the port is not a number from 1 to 65535");
  if (out.port != usual) out.authority += ":" + std::to_string(out.port);
  return {};
}

}  // namespace

base::result<endpoint_url> parse_endpoint_url(std::string_view text, const url_rules& rules) {
  if (const std::string_view rule = text_fault(text); !rule.empty()) return broken(std::string(rule));
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos)
    return broken("the URL is not of the form https://host[:port]/path[?query]");
  const std::string_view scheme = text.substr(0, scheme_end);
  std::string_view rest = text.substr(scheme_end + 3);

  endpoint_url out;
  out.tls = equals_ignoring_case(scheme, "https");
  if (!out.tls && !equals_ignoring_case(scheme, "http")) return broken("the scheme is not https");
  if (!out.tls && !rules.allow_http) return broken("the scheme is http: only https is allowed");
  if (rest.find('#') != std::string_view::npos) return broken("the URL has a fragment ('#'), which is never sent");
  const std::size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
  auto parts = split_authority(rest.substr(0, authority_end));
  if (!parts) return std::unexpected(parts.error());
  const std::optional<std::string_view> port = parts->port;
  if (const auto host = take_host(std::move(*parts), out); !host) return std::unexpected(host.error());
  if (const auto taken = take_port(port, out); !taken) return std::unexpected(taken.error());
  if (out.literal && rules.guard != nullptr) {
    if (const auto reason = rules.guard->refusal(*out.literal)) {
      return broken("the host " + out.host + " may not be reached: " + std::string(*reason));
    }
  }
  if (!out.literal && rules.guard != nullptr && rules.judge_name) {
    if (const auto reason = rules.guard->refusal_of_name(out.host)) {
      return broken("the host " + out.host + " may not be reached: " + std::string(*reason));
    }
  }
  rest.remove_prefix(authority_end);
  if (const std::string_view rule = target_fault(rest); !rule.empty()) return broken(std::string(rule));
  out.target = (rest.starts_with('/') ? "" : "/") + std::string(rest);
  return out;
}

}  // namespace posthorn::net
