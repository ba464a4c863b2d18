#include "net/http1_head.hpp"

#include <cstring>

namespace posthorn::net {

using base::fault;

parse_outcome find_head_end(std::string_view input, std::size_t start, std::size_t& scanned) noexcept {
  if (scanned < start) scanned = start;
  while (scanned < input.size()) {
    const void* hit = std::memchr(input.data() + scanned, '\n', input.size() - scanned);
    if (hit == nullptr) {
      scanned = input.size();
      return parse_more();
    }
    const auto lf = static_cast<std::size_t>(static_cast<const char*>(hit) - input.data());
    if (lf == start || input[lf - 1] != '\r') {
      return parse_fault(fault::malformed_request, "a line ends with LF alone; lines end with CRLF");
    }
    scanned = lf + 1;
    const bool line_is_empty = lf - 1 == start || input[lf - 2] == '\n';
    if (line_is_empty) return parse_done(lf + 1);
  }
  return parse_more();
}

std::string_view take_line(std::string_view& rest) noexcept {
  const std::size_t lf = rest.find('\n');
  const std::string_view line = rest.substr(0, lf - 1);
  rest.remove_prefix(lf + 1);
  return line;
}

std::string_view parse_field_line(std::string_view line, field& out) noexcept {
  std::size_t colon = 0;
  while (colon < line.size() && is_token_char(line[colon])) ++colon;
  if (colon == line.size()) return "a header line has no colon";
  if (colon == 0) {
    const bool folded = line[0] == ' ' || line[0] == '\t';
    return folded ? "a header line starts with white space (line folding is obsolete)" : "a header has an invalid name";
  }
  if (line[colon] != ':') {
    const bool space = line[colon] == ' ' || line[colon] == '\t';
    return space ? "white space stands before a header's colon" : "a header has an invalid name";
  }
  out.name = line.substr(0, colon);
  out.value = trim_white_space(line.substr(colon + 1));
  if (!is_field_value(out.value)) return "a header's value has a control character";
  return {};
}

void framing_fields::take(const field& f) noexcept {
  // Only these three lengths matter here, so most fields cost one comparison.
  switch (f.name.size()) {
    case std::string_view("Content-Length").size(): {
      if (!equals_ignoring_case(f.name, "Content-Length")) return;
      std::uint64_t value = 0;
      for (const char c : f.value) {
        if (c < '0' || c > '9') content_length_invalid = true;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
      }
      if (f.value.empty()) content_length_invalid = true;
      if (f.value.size() > 18) content_length_too_large = true;
      if (content_length.has_value()) content_length_repeated = true;
      if (content_length.value_or(value) != value) content_length_conflicting = true;
      content_length = value;
      return;
    }
    case std::string_view("Transfer-Encoding").size():
      if (!equals_ignoring_case(f.name, "Transfer-Encoding")) return;
      transfer_encoding_chunked = !transfer_encoding && equals_ignoring_case(f.value, "chunked");
      transfer_encoding = true;
      return;
    case std::string_view("Connection").size():
      if (!equals_ignoring_case(f.name, "Connection")) return;
      if (list_has_token(f.value, "close")) connection_close = true;
      if (list_has_token(f.value, "keep-alive")) connection_keep_alive = true;
      return;
    default: return;
  }
}

}  // namespace posthorn::net
