// What goes into and comes out of one HTTP exchange. Plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/limits.hpp"

namespace posthorn::net {

// Why an exchange gave no usable answer; named as the attempt's own error classes are.
enum class exchange_error : std::uint8_t {
  none,
  dns,              // the name does not resolve
  address_refused,  // the address guard vetoed everything that it resolves to
  connect,          // refused, unreachable, reset while connecting
  tls,              // handshake or certificate
  timeout,          // the whole exchange took longer than timeout_ms
  connection,       // reset or closed in the middle of the exchange
  protocol,         // not HTTP/1.x as RFC 9112 has it
  too_large,        // head or body beyond the limits
};

[[nodiscard]] std::string_view to_string(exchange_error value) noexcept;

struct origin {
  bool tls = true;
  std::string host;  // as endpoint_url has it: lower case, no brackets
  std::uint16_t port = 443;

  friend auto operator<=>(const origin&, const origin&) = default;
};

struct exchange_limits {
  int timeout_ms = base::limits::endpoint_timeout_ms_default;  // DNS, connect, TLS, request, head and body together
  std::size_t body_bytes_max = base::limits::response_body_bytes_max;
  std::size_t evidence_headers_bytes_max = base::limits::attempt_headers_bytes_max;
  std::size_t evidence_body_bytes_max = base::limits::attempt_body_bytes_max;
};

// Microseconds from the exchange's start to the end of each phase; 0 where the phase did not happen (pooled connection,
// numeric host, plain http) or was not reached.
struct exchange_timing {
  std::int32_t dns_us = 0;
  std::int32_t connect_us = 0;
  std::int32_t tls_us = 0;
  std::int32_t first_byte_us = 0;
  std::int32_t total_us = 0;
};

struct exchange_result {
  int status = 0;  // also with an error, if the answer's head had been read; 0: no answer
  exchange_error error = exchange_error::none;
  std::string detail;                      // for a person: "connection refused by 127.0.0.1:9"; empty without an error
  std::string response_headers;            // the head as received, status line first, cut at the evidence limit
  std::string response_body;               // as received, without its transfer coding, cut at the evidence limit
  std::optional<std::string> retry_after;  // the field's value
  std::optional<std::string> date;         // only beside retry_after, which may be a date to be read against it
  exchange_timing timing;
  bool reused_connection = false;
};

}  // namespace posthorn::net
