// Parser of HTTP/1.x response heads (RFC 9112). Tolerates what is harmless in a receiver's answer (no reason phrase, a
// repeated but equal Content-Length, bytes above 0x7f in values) and refuses what could make us misjudge where the
// answer ends. Interim answers (1xx) are heads like any other: the client skips them and parses on.
// Not thread-safe; keeps its storage between responses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/limits.hpp"
#include "net/http1_fields.hpp"
#include "net/http1_parse.hpp"

namespace posthorn::net {

// All views point into the bytes given to parse() and live as long as these.
struct response_head {
  int status = 0;  // 100 to 999
  std::string_view reason;
  int minor_version = 1;
  body_framing framing = body_framing::none;
  std::uint64_t content_length = 0;  // where framing is length
  // False also where a 1xx, 204 or 304 announces a body that it cannot have: whatever follows is not to be trusted.
  bool keep_alive = true;
  field_list fields;
};

struct response_limits {
  std::size_t head_bytes_max = base::limits::response_head_bytes_max;
  std::size_t headers_max = base::limits::response_headers_max;
};

class response_parser {
 public:
  explicit response_parser(response_limits limits = {}) noexcept : limits_(limits) {}

  // As request_parser::parse. Faults are malformed_request, headers_too_large, not_implemented (transfer coding) or
  // version_not_supported.
  [[nodiscard]] parse_outcome parse(std::string_view input);

  // Valid after done, until the next parse() or reset().
  [[nodiscard]] const response_head& head() const noexcept { return head_; }

  // Call before the next message. `to_head_request`: the answer to HEAD, which has no body whatever it announces.
  void reset(bool to_head_request = false) noexcept {
    scanned_ = 0;
    to_head_request_ = to_head_request;
  }

 private:
  parse_outcome parse_head(std::string_view input, std::size_t end);

  response_limits limits_;
  std::size_t scanned_ = 0;
  bool to_head_request_ = false;
  response_head head_;
};

}  // namespace posthorn::net
