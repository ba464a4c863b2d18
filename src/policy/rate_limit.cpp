#include "policy/rate_limit.hpp"

#include <algorithm>

namespace posthorn::policy {

rate_claim claim(const model::rate_limit& limit, std::int64_t arrival_ns, std::int64_t now_ns) noexcept {
  const std::int64_t gap_ns = 1'000'000'000 / std::max(1, limit.per_second);
  const std::int64_t early_ns = gap_ns * (std::max(1, limit.burst) - 1);
  // No later than this limit makes it: what an older, slower one owed is not waited for.
  const std::int64_t arrival = std::clamp(arrival_ns, now_ns, now_ns + early_ns + gap_ns);
  if (arrival - now_ns > early_ns) return {.granted = false, .arrival_ns = 0, .wait_ns = arrival - now_ns - early_ns};
  return {.granted = true, .arrival_ns = arrival + gap_ns, .wait_ns = 0};
}

}  // namespace posthorn::policy
