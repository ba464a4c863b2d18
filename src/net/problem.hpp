// Errors as answers: RFC 9457 application/problem+json.
//   {"type":"/problems/<slug>","title":"…","status":422,"detail":"…","errors":[{"pointer":"/uid","detail":"…"}]}
// `errors` is there only where fields are named; Retry-After only where the error says when to try again.
#pragma once

#include "base/result.hpp"
#include "net/http_handler.hpp"

namespace posthorn::net {

// A fault that has no HTTP status of its own (fault.hpp) is answered as 500.
[[nodiscard]] response problem(const base::error& error);

}  // namespace posthorn::net
