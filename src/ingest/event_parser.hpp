// The body of POST /v1/events, validated, as what will be delivered (contract 2.1 and the end of section 3):
//   {"type": T, "uid": U, "details": {…}, "reasons": ["…"]?}   → the envelope, white space outside strings removed:
//        {"uid":U,"integration_id":I,"event":{"type":T,"details":{…},"reasons":[…]}}
//   {"type": T, "uid": U?, "payload": any JSON value}          → the exact bytes of the value
// Nothing inside is converted: numbers, escapes, key order and repeated keys of details and payload stay as written.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "base/result.hpp"

namespace posthorn::ingest {

struct parsed_event {
  std::string type;
  std::string uid;              // empty: none
  std::string payload;          // what is delivered
  bool enveloped = false;       // the payload is the envelope around details
  std::string idempotency_key;  // of a batch's line; empty: none
};

struct event_rules {
  std::string_view integration_id = {};  // goes into the envelope
  std::size_t payload_bytes_max = base::limits::payload_bytes_max;
  bool takes_idempotency_key = false;  // lines of a batch may carry "idempotency_key"
};

// malformed_json: no UTF-8, no JSON (RFC 8259), nested beyond limits::json_depth_max. payload_too_large: what would be
// delivered. Otherwise 422 with every field that breaks a rule named by its pointer; the first one gives the fault.
// Member names are compared as written: one with an escape in it is unknown. Thread: any.
[[nodiscard]] base::result<parsed_event> parse_event(std::string_view json, const event_rules& rules);

// An event's type is 1 to limits::event_type_chars_max characters of A-Z, a-z, 0-9, '.', '_' and '-'.
[[nodiscard]] bool is_event_type(std::string_view text) noexcept;

// An Idempotency-Key is 1 to limits::idempotency_key_chars_max visible ASCII characters.
[[nodiscard]] bool is_idempotency_key(std::string_view text) noexcept;

// The envelope's uid (contract 2.1).
inline constexpr std::string_view envelope_uid_rule = "must be 5 to 60 characters of A-Z, a-z, 0-9 and '-'";
[[nodiscard]] bool is_envelope_uid(std::string_view text) noexcept;

}  // namespace posthorn::ingest
