#include "net/http1_chunked.hpp"

#include <algorithm>

#include "net/http1_fields.hpp"

namespace posthorn::net {
namespace {

// A size that has reached this takes no further digit.
constexpr std::uint64_t chunk_bytes_before_last_digit = std::uint64_t{1} << 56;

constexpr std::string_view bad_size = "a chunk's size is not a hexadecimal number followed by CRLF";
constexpr std::string_view bad_line_end = "a line of the chunked body does not end with CRLF";

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

void chunked_decoder::reset() noexcept {
  place_ = place::size_first;
  left_ = 0;
  line_bytes_ = 0;
}

std::string_view chunked_decoder::advance(char c) noexcept {
  switch (place_) {
    case place::size_first:
    case place::size:
      if (const int digit = hex_digit(c); digit >= 0) {
        if (left_ >= chunk_bytes_before_last_digit) return "a chunk is larger than any limit";
        left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
        place_ = place::size;
        return {};
      }
      if (place_ == place::size_first) return bad_size;
      [[fallthrough]];
    case place::before_extension:
      if (c == '\r') {
        // White space is allowed before an extension's ";" only.
        if (place_ == place::before_extension) return bad_size;
        place_ = place::size_lf;
      } else if (c == ';') {
        place_ = place::extension;
      } else if (c == ' ' || c == '\t') {
        place_ = place::before_extension;
      } else {
        return bad_size;
      }
      return {};
    case place::extension:
      if (c == '\r') {
        place_ = place::size_lf;
      } else if (!is_field_value_char(c)) {
        return "a chunk extension has a control character";
      }
      return {};
    case place::size_lf:
      if (c != '\n') return bad_line_end;
      line_bytes_ = 0;
      place_ = left_ == 0 ? place::trailer_first : place::data;
      return {};
    case place::data_cr:
      if (c != '\r') return "a chunk's data is not followed by CRLF";
      place_ = place::data_lf;
      return {};
    case place::data_lf:
      if (c != '\n') return bad_line_end;
      line_bytes_ = 0;
      place_ = place::size_first;
      return {};
    case place::trailer_first:
      if (c == '\r') {
        place_ = place::last_lf;
        return {};
      }
      if (!is_token_char(c)) return "a trailer field has an invalid name";
      place_ = place::trailer_name;
      return {};
    case place::trailer_name:
      if (c == ':') {
        place_ = place::trailer_value;
      } else if (!is_token_char(c)) {
        return "a trailer field has an invalid name";
      }
      return {};
    case place::trailer_value:
      if (c == '\r') {
        place_ = place::trailer_lf;
      } else if (!is_field_value_char(c)) {
        return "a trailer field's value has a control character";
      }
      return {};
    case place::trailer_lf:
      if (c != '\n') return bad_line_end;
      place_ = place::trailer_first;
      return {};
    case place::last_lf:
      if (c != '\n') return bad_line_end;
      place_ = place::end;
      return {};
    case place::data:
    case place::end: break;  // next() deals with these
  }
  return {};
}

chunk_step chunked_decoder::next(std::string_view input) noexcept {
  std::size_t at = 0;
  while (true) {
    if (place_ == place::end) return {chunk_status::done, at, {}, {}, {}};
    if (at == input.size()) return {chunk_status::need_more, at, {}, {}, {}};
    if (place_ == place::data) {
      const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size() - at));
      left_ -= piece;
      if (left_ == 0) place_ = place::data_cr;
      return {chunk_status::data, at + piece, input.substr(at, piece), {}, {}};
    }
    const bool in_trailer = place_ >= place::trailer_first;
    if (++line_bytes_ > (in_trailer ? limits_.trailer_bytes_max : limits_.header_bytes_max)) {
      return {chunk_status::fault,
              at,
              {},
              base::fault::headers_too_large,
              in_trailer ? "the trailer fields are larger than the limit" : "a chunk's size line is too long"};
    }
    if (const std::string_view broken = advance(input[at++]); !broken.empty()) {
      return {chunk_status::fault, at, {}, base::fault::malformed_request, broken};
    }
  }
}

}  // namespace posthorn::net
