// The parts of a head that requests and responses share; used by the two parsers only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "net/http1_fields.hpp"
#include "net/http1_parse.hpp"

namespace posthorn::net {

// Looks for the empty line that ends the head which starts at `start`, from `scanned` on, and moves `scanned` on.
// done: `consumed` is the offset behind the empty line. fault: a line that does not end with CRLF.
[[nodiscard]] parse_outcome find_head_end(std::string_view input, std::size_t start, std::size_t& scanned) noexcept;

// Takes the next line, without its CRLF, off the front of `rest`, in which every line is known to end with CRLF.
[[nodiscard]] std::string_view take_line(std::string_view& rest) noexcept;

// Splits "name: value" (RFC 9112 section 5). Returns the rule that the line breaks, or "".
[[nodiscard]] std::string_view parse_field_line(std::string_view line, field& out) noexcept;

// The fields that decide where a message ends and what becomes of its connection.
struct framing_fields {
  std::optional<std::uint64_t> content_length;
  bool content_length_too_large = false;  // digits, but more than any body could have
  bool content_length_repeated = false;
  bool content_length_conflicting = false;
  bool content_length_invalid = false;
  bool transfer_encoding = false;
  bool transfer_encoding_chunked = false;  // "chunked", once, and nothing else
  bool connection_close = false;
  bool connection_keep_alive = false;

  void take(const field& f) noexcept;
};

}  // namespace posthorn::net
