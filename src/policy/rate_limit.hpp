// The rate limit of an endpoint (contract section 3) as the generic cell rate algorithm: one number says all. Pure.
//
// Requests at the limit's rate have theoretical arrival times, each 1/per_second after the one before; a request may be
// early by what `burst` allows. Times are nanoseconds of any steady clock.
#pragma once

#include <cstdint>

#include "model/endpoint.hpp"

namespace posthorn::policy {

struct rate_claim {
  bool granted = false;
  std::int64_t arrival_ns = 0;  // granted: what the next claim is to be given
  std::int64_t wait_ns = 0;     // not granted: no claim is granted before
};

// `arrival_ns` as the last granted claim gave it; 0 at first.
[[nodiscard]] rate_claim claim(const model::rate_limit& limit, std::int64_t arrival_ns, std::int64_t now_ns) noexcept;

}  // namespace posthorn::policy
