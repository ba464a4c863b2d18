// Incremental decoder of the chunked transfer coding (RFC 9112 section 7.1). Extensions and trailer fields are checked,
// bounded and dropped.
//   chunked-body = *( size [ext] CRLF data CRLF ) 1*"0" [ext] CRLF *( field CRLF ) CRLF
// Every line ends with CRLF; a size is below 2^60.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/fault.hpp"
#include "base/limits.hpp"

namespace posthorn::net {

enum class chunk_status : std::uint8_t {
  need_more,  // all of the input is consumed
  data,       // `data` is a piece of the body; call again with the rest of the input
  done,       // the body is complete; what is left of the input belongs to the next message
  fault,
};

struct chunk_step {
  chunk_status status = chunk_status::need_more;
  std::size_t consumed = 0;                           // bytes of the input to drop before the next call
  std::string_view data;                              // part of the input
  base::fault code = base::fault::malformed_request;  // fault: malformed_request or headers_too_large
  std::string_view detail;                            // fault: the rule that was broken; static storage
};

struct chunk_limits {
  std::size_t header_bytes_max = base::limits::chunk_header_bytes_max;
  std::size_t trailer_bytes_max = base::limits::chunk_trailer_bytes_max;
};

// Not thread-safe. The caller bounds the sum of the pieces.
class chunked_decoder {
 public:
  explicit chunked_decoder(chunk_limits limits = {}) noexcept : limits_(limits) {}

  // Consumes any split of the coded bytes; nothing needs to be given twice.
  [[nodiscard]] chunk_step next(std::string_view input) noexcept;

  void reset() noexcept;

 private:
  enum class place : std::uint8_t {
    size_first,
    size,
    before_extension,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_first,
    trailer_name,
    trailer_value,
    trailer_lf,
    last_lf,
    end,
  };
  // The rule that `c` breaks, or "".
  std::string_view advance(char c) noexcept;

  chunk_limits limits_;
  place place_ = place::size_first;
  std::uint64_t left_ = 0;      // of the current chunk's data
  std::size_t line_bytes_ = 0;  // of the current size line, or of all trailer fields
};

}  // namespace posthorn::net
