// What the HTTP/1.1 parsers have in common: the outcome of a step, and how a body is delimited.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/fault.hpp"

namespace posthorn::net {

enum class parse_status : std::uint8_t {
  need_more,  // a valid beginning; call again with the same bytes and more behind them
  done,
  fault,
};

struct parse_outcome {
  parse_status status = parse_status::need_more;
  std::size_t consumed = 0;                           // done: bytes of the head, its empty line included
  base::fault code = base::fault::malformed_request;  // fault: what a server answers
  std::string_view detail;                            // fault: the rule that was broken; static storage
};

[[nodiscard]] inline parse_outcome parse_more() noexcept { return {}; }
[[nodiscard]] inline parse_outcome parse_done(std::size_t consumed) noexcept {
  return {parse_status::done, consumed, {}, {}};
}
[[nodiscard]] inline parse_outcome parse_fault(base::fault code, std::string_view detail) noexcept {
  return {parse_status::fault, 0, code, detail};
}

// RFC 9112 section 6: where the body ends.
enum class body_framing : std::uint8_t {
  none,
  length,       // content_length bytes
  chunked,      // chunked_decoder finds the end
  until_close,  // responses only: everything up to the end of the connection
};

}  // namespace posthorn::net
