#include "net/http1_request_parser.hpp"

#include <algorithm>

#include "net/http1_head.hpp"

namespace posthorn::net {
namespace {

using base::fault;

constexpr std::size_t method_chars_max = 32;
constexpr std::string_view version_text = "HTTP/1.1";

// The bytes of a request line beside its target.
constexpr std::size_t line_overhead_bytes_max = method_chars_max + 2 + version_text.size();

bool is_target_char(char c) noexcept { return c > 0x20 && c < 0x7f && c != '#'; }

// uri-host [ ":" port ] (RFC 9110 section 7.2), by its characters: enough to keep out a list, a path or user info.
bool is_authority(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) {
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return alnum || std::string_view("-._~!$&'()*+;=:[]%").contains(c);
  });
}

parse_outcome malformed(std::string_view detail) noexcept { return parse_fault(fault::malformed_request, detail); }

parse_outcome parse_version(std::string_view version, request_head& head) noexcept {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (version.size() != version_text.size() || !version.starts_with("HTTP/") || !digit(version[5]) ||
      version[6] != '.' || !digit(version[7])) {
    return malformed("the request line is not: method SP target SP HTTP-version");
  }
  if (version[5] != '1' || version[7] > '1') {
    return parse_fault(fault::version_not_supported, "this server speaks HTTP/1.1 and HTTP/1.0");
  }
  head.minor_version = version[7] - '0';
  return parse_done(0);
}

std::size_t scheme_chars(std::string_view target) noexcept {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (equals_ignoring_case(target.substr(0, scheme.size()), scheme)) return scheme.size();
  }
  return 0;
}

parse_outcome parse_target(request_head& head) noexcept {
  if (!std::ranges::all_of(head.target, is_target_char)) {
    return malformed("the request target has a character that must be percent-encoded");
  }
  std::string_view rest = head.target;
  if (!rest.starts_with('/')) {
    const std::size_t scheme = scheme_chars(rest);
    if (scheme == 0) return malformed("the request target is neither a path nor an http(s) URL");
    rest.remove_prefix(scheme);
    head.authority = rest.substr(0, rest.find_first_of("/?"));
    if (head.authority.empty() || !is_authority(head.authority)) {
      return malformed("the request target's host is invalid");
    }
    rest.remove_prefix(head.authority.size());
  }
  const std::size_t question = rest.find('?');
  head.path = rest.substr(0, question);
  if (head.path.empty()) head.path = "/";
  if (question != std::string_view::npos) head.query = rest.substr(question + 1);
  return parse_done(0);
}

parse_outcome parse_request_line(std::string_view line, const request_limits& limits, request_head& head) noexcept {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || last == first) {
    return malformed("the request line is not: method SP target SP HTTP-version");
  }
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  if (!is_token(head.method) || head.method.size() > method_chars_max) return malformed("the method is not a token");
  if (head.target.size() > limits.target_bytes_max) {
    return parse_fault(fault::uri_too_long, "the request target is longer than the limit");
  }
  if (const parse_outcome version = parse_version(line.substr(last + 1), head); version.status == parse_status::fault) {
    return version;
  }
  return parse_target(head);
}

parse_outcome decide_framing(const framing_fields& framing, request_head& head) noexcept {
  if (framing.content_length.has_value()) {
    if (framing.content_length_repeated) return malformed("Content-Length is given more than once");
    if (framing.content_length_invalid) return malformed("Content-Length is not a decimal number");
    if (framing.transfer_encoding) return malformed("Content-Length and Transfer-Encoding exclude each other");
    if (framing.content_length_too_large) {
      return parse_fault(fault::payload_too_large, "Content-Length is larger than any limit");
    }
    head.framing = body_framing::length;
    head.content_length = *framing.content_length;
  }
  if (framing.transfer_encoding) {
    if (head.minor_version == 0) return malformed("HTTP/1.0 has no Transfer-Encoding");
    if (!framing.transfer_encoding_chunked) {
      return parse_fault(fault::not_implemented, "the only transfer coding taken is chunked, given once");
    }
    head.framing = body_framing::chunked;
  }
  head.keep_alive = !framing.connection_close && (head.minor_version == 1 || framing.connection_keep_alive);
  return parse_done(0);
}

// Everything that parse_head() sets only where the message has it.
void clear(request_head& head) noexcept {
  head.query = {};
  head.authority = {};
  head.framing = body_framing::none;
  head.content_length = 0;
  head.expect_continue = false;
  head.fields.clear();
}

}  // namespace

parse_outcome request_parser::parse(std::string_view input) {
  std::size_t start = 0;
  if (input.starts_with('\r')) {
    if (input.size() == 1) return parse_more();
    if (input[1] != '\n') return malformed("a CR stands without its LF");
    start = 2;
  }
  if (start == input.size()) return parse_more();
  // Said at once, since a TLS handshake on a plain port would otherwise be waited for until the timeout.
  if (!is_token_char(input[start])) return malformed("the request line does not start with a method");

  const parse_outcome end = find_head_end(input, start, scanned_);
  if (end.status == parse_status::fault) return end;
  if (end.status == parse_status::need_more) {
    const bool in_request_line = input.find('\n', start) == std::string_view::npos;
    if (in_request_line && input.size() - start > limits_.target_bytes_max + line_overhead_bytes_max) {
      return parse_fault(fault::uri_too_long, "the request target is longer than the limit");
    }
    if (input.size() - start >= limits_.head_bytes_max) {
      return parse_fault(fault::headers_too_large, "the request's head is larger than the limit");
    }
    return end;
  }
  return parse_head(input, start, end.consumed);
}

parse_outcome request_parser::parse_head(std::string_view input, std::size_t start, std::size_t end) {
  clear(head_);
  std::string_view rest = input.substr(start, end - start);
  const std::size_t head_bytes = rest.size();
  if (const parse_outcome line = parse_request_line(take_line(rest), limits_, head_);
      line.status == parse_status::fault) {
    return line;
  }
  if (head_bytes > limits_.head_bytes_max) {
    return parse_fault(fault::headers_too_large, "the request's head is larger than the limit");
  }
  framing_fields framing;
  bool host_given = false;
  bool expectation_unknown = false;
  while (rest.size() > 2) {
    field f;
    if (const std::string_view broken = parse_field_line(take_line(rest), f); !broken.empty()) return malformed(broken);
    if (head_.fields.size() == limits_.headers_max) {
      return parse_fault(fault::headers_too_large, "the request has more headers than the limit");
    }
    framing.take(f);
    if (f.name.size() == 4 && equals_ignoring_case(f.name, "Host")) {
      if (host_given) return malformed("Host is given more than once");
      if (!is_authority(f.value)) return malformed("Host is not a host name with an optional port");
      host_given = true;
      if (head_.authority.empty()) head_.authority = f.value;
    } else if (f.name.size() == 6 && equals_ignoring_case(f.name, "Expect")) {
      head_.expect_continue = equals_ignoring_case(f.value, "100-continue");
      expectation_unknown = expectation_unknown || !head_.expect_continue;
    }
    head_.fields.add(f);
  }
  if (!host_given && head_.minor_version == 1) return malformed("Host is missing");
  if (const parse_outcome framed = decide_framing(framing, head_); framed.status == parse_status::fault) return framed;
  if (head_.minor_version == 0) {
    head_.expect_continue = false;  // RFC 9110 section 10.1.1: an HTTP/1.0 client's expectation is ignored
  } else if (expectation_unknown) {
    return parse_fault(fault::expectation_failed, "the only expectation met is 100-continue");
  }
  return parse_done(end);
}

}  // namespace posthorn::net
