#include "net/http1_response_parser.hpp"

#include "net/http1_head.hpp"

namespace posthorn::net {
namespace {

using base::fault;

parse_outcome malformed(std::string_view detail) noexcept { return parse_fault(fault::malformed_request, detail); }

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// status-line = HTTP-version SP 3DIGIT [ SP [ reason-phrase ] ]
parse_outcome parse_status_line(std::string_view line, response_head& head) noexcept {
  constexpr std::string_view bad_line = "the status line is not: HTTP-version SP status SP reason";
  if (!line.starts_with("HTTP/") || line.size() < 12 || !is_digit(line[5]) || line[6] != '.' || !is_digit(line[7]) ||
      line[8] != ' ') {
    return malformed(bad_line);
  }
  if (line[5] != '1' || line[7] > '1') {
    return parse_fault(fault::version_not_supported, "the answer's HTTP version is neither 1.1 nor 1.0");
  }
  head.minor_version = line[7] - '0';
  if (!is_digit(line[9]) || !is_digit(line[10]) || !is_digit(line[11]) || line[9] == '0') {
    return malformed("the status is not a number of three digits");
  }
  head.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  head.reason = {};
  if (line.size() > 12) {
    if (line[12] != ' ') return malformed(bad_line);
    head.reason = line.substr(13);
    if (!is_field_value(head.reason)) return malformed("the reason phrase has a control character");
  }
  return parse_done(0);
}

bool never_has_body(int status) noexcept { return status < 200 || status == 204 || status == 304; }

parse_outcome decide_framing(const framing_fields& framing, bool to_head_request, response_head& head) noexcept {
  head.keep_alive = !framing.connection_close && (head.minor_version == 1 || framing.connection_keep_alive);
  head.framing = body_framing::none;
  head.content_length = 0;
  if (framing.content_length.has_value()) {
    if (framing.content_length_invalid) return malformed("Content-Length is not a decimal number");
    if (framing.content_length_conflicting) return malformed("Content-Length is given with different values");
    if (framing.transfer_encoding) return malformed("Content-Length and Transfer-Encoding exclude each other");
    if (framing.content_length_too_large) return malformed("Content-Length is larger than any body");
  }
  if (framing.transfer_encoding && head.minor_version == 0) return malformed("HTTP/1.0 has no Transfer-Encoding");
  if (framing.transfer_encoding && !framing.transfer_encoding_chunked) {
    return parse_fault(fault::not_implemented, "the only transfer coding taken is chunked, given once");
  }
  // A 304 and an answer to HEAD may name the length of the body that they do not have (RFC 9110 section 8.6).
  if (to_head_request || head.status == 304) return parse_done(0);
  if (never_has_body(head.status)) {
    if (framing.transfer_encoding || framing.content_length.value_or(0) != 0) head.keep_alive = false;
    return parse_done(0);
  }
  if (framing.transfer_encoding) {
    head.framing = body_framing::chunked;
  } else if (framing.content_length.has_value()) {
    head.framing = body_framing::length;
    head.content_length = *framing.content_length;
  } else {
    head.framing = body_framing::until_close;
    head.keep_alive = false;
  }
  return parse_done(0);
}

}  // namespace

parse_outcome response_parser::parse(std::string_view input) {
  const parse_outcome end = find_head_end(input, 0, scanned_);
  if (end.status == parse_status::fault) return end;
  if (end.status == parse_status::need_more) {
    if (input.size() >= limits_.head_bytes_max) {
      return parse_fault(fault::headers_too_large, "the answer's head is larger than the limit");
    }
    return end;
  }
  return parse_head(input, end.consumed);
}

parse_outcome response_parser::parse_head(std::string_view input, std::size_t end) {
  if (end > limits_.head_bytes_max) {
    return parse_fault(fault::headers_too_large, "the answer's head is larger than the limit");
  }
  head_.fields.clear();
  std::string_view rest = input.substr(0, end);
  if (const parse_outcome line = parse_status_line(take_line(rest), head_); line.status == parse_status::fault) {
    return line;
  }
  framing_fields framing;
  while (rest.size() > 2) {
    field f;
    if (const std::string_view broken = parse_field_line(take_line(rest), f); !broken.empty()) return malformed(broken);
    if (head_.fields.size() == limits_.headers_max) {
      return parse_fault(fault::headers_too_large, "the answer has more headers than the limit");
    }
    framing.take(f);
    head_.fields.add(f);
  }
  if (const parse_outcome framed = decide_framing(framing, to_head_request_, head_);
      framed.status == parse_status::fault) {
    return framed;
  }
  return parse_done(end);
}

}  // namespace posthorn::net
