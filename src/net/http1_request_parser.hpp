// Strict parser of HTTP/1.x request heads (RFC 9112). Where the RFC lets a recipient be lenient, this one refuses,
// because leniency is what request smuggling lives on: no bare LF or CR, no folded lines, no white space before the
// colon, one Content-Length, never beside Transfer-Encoding, and "chunked" is the only transfer coding.
// Not thread-safe; keeps its storage between requests and then does not allocate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/limits.hpp"
#include "net/http1_fields.hpp"
#include "net/http1_parse.hpp"

namespace posthorn::net {

// All views point into the bytes given to parse() and live as long as these.
struct request_head {
  std::string_view method;     // as sent; methods are case-sensitive
  std::string_view target;     // as sent
  std::string_view path;       // never empty, begins with "/"; still percent-encoded
  std::string_view query;      // behind "?", without it
  std::string_view authority;  // of an absolute-form target, else the Host field
  int minor_version = 1;       // HTTP/1.0 or HTTP/1.1
  body_framing framing = body_framing::none;
  std::uint64_t content_length = 0;  // where framing is length
  bool keep_alive = true;            // what the version and the Connection field ask for
  bool expect_continue = false;
  field_list fields;
};

struct request_limits {
  std::size_t target_bytes_max = base::limits::request_target_bytes_max;  // beyond: uri_too_long
  std::size_t head_bytes_max = base::limits::request_head_bytes_max;      // beyond: headers_too_large
  std::size_t headers_max = base::limits::request_headers_max;            // beyond: headers_too_large
};

class request_parser {
 public:
  explicit request_parser(request_limits limits = {}) noexcept : limits_(limits) {}

  // `input` starts at the message's first byte and holds all that has arrived of it (it may hold more, and may lie
  // elsewhere in memory than at the last call). The work over all calls is linear in the head's size. One empty line
  // before the request line is skipped (RFC 9112 section 2.2) and counted in `consumed`.
  [[nodiscard]] parse_outcome parse(std::string_view input);

  // Valid after done, until the next parse() or reset().
  [[nodiscard]] const request_head& head() const noexcept { return head_; }

  // Call before the next message, and before parsing the same head again after its bytes have moved.
  void reset() noexcept { scanned_ = 0; }

 private:
  parse_outcome parse_head(std::string_view input, std::size_t start, std::size_t end);

  request_limits limits_;
  std::size_t scanned_ = 0;  // bytes known not to hold the end of the head
  request_head head_;
};

}  // namespace posthorn::net
