// Events, the deliveries they are owed by, and the attempts made (contract section 1). Plain values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "model/ids.hpp"

namespace posthorn::model {

enum class delivery_state : std::uint8_t { pending, retrying, parked, delivered, failed, cancelled };

// Of an event as a whole, from its deliveries: unrouted = no target; pending = some delivery is not finished;
// delivered = all are; failed = all are finished and at least one failed or was cancelled.
enum class event_state : std::uint8_t { unrouted, pending, delivered, failed };

// Why an attempt did not get a usable answer; `none` if it got a status.
enum class error_class : std::uint8_t {
  none,
  dns,              // the name does not resolve
  address_refused,  // the address guard vetoed what it resolves to
  connect,          // refused, unreachable, reset while connecting
  tls,              // handshake or certificate
  timeout,          // the whole exchange took longer than timeout_ms
  connection,       // reset or closed in the middle of the exchange
  protocol,         // not HTTP/1.x as RFC 9112 has it
  too_large,        // headers or body beyond limits::response_*
  configuration,    // the endpoint's own settings cannot be used, e.g. its URL
};

// What is delivered: made at accept, shared by all targets, never changed.
struct event_body {
  event_id id = 0;
  integration_no integration = 0;
  std::string type;
  std::string uid;                 // empty: none
  std::string payload;             // the exact bytes that go out
  base::epoch_ms accepted_at = 0;  // wall time
};
using shared_event = std::shared_ptr<const event_body>;

// Microseconds from the attempt's start to the end of each phase; 0 where the phase did not happen (pooled connection,
// plain http) or was not reached.
struct attempt_timing {
  std::int32_t dns_us = 0;
  std::int32_t connect_us = 0;
  std::int32_t tls_us = 0;
  std::int32_t first_byte_us = 0;
  std::int32_t total_us = 0;
};

// One HTTP request of a delivery, with bounded evidence of what came back.
struct attempt {
  std::int32_t number = 0;  // from 1, over all generations of the delivery
  base::epoch_ms at = 0;    // wall time of its start
  std::int32_t status = 0;  // 0: no answer
  error_class error = error_class::none;
  std::string error_detail;      // for a person, e.g. "connection refused by 127.0.0.1:9"
  std::string request_headers;   // as sent, secrets masked
  std::string response_headers;  // raw, at most limits::attempt_headers_bytes_max
  std::string response_body;     // at most limits::attempt_body_bytes_max
  attempt_timing timing;
};

[[nodiscard]] std::string_view to_string(delivery_state value) noexcept;
[[nodiscard]] std::string_view to_string(event_state value) noexcept;
[[nodiscard]] std::string_view to_string(error_class value) noexcept;
[[nodiscard]] std::optional<delivery_state> delivery_state_from(std::string_view text) noexcept;
[[nodiscard]] std::optional<event_state> event_state_from(std::string_view text) noexcept;
[[nodiscard]] std::optional<error_class> error_class_from(std::string_view text) noexcept;

}  // namespace posthorn::model
