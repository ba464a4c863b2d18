// How many failures there were within the last so many milliseconds: exact, unlike failure_limit's budget, and bounded
// by what is allowed. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/clock.hpp"

namespace posthorn::policy {

struct window_rule {
  std::size_t failures_max = 0;
  std::int64_t window_ms = 0;
};

class failure_window {
 public:
  // How long until one more is allowed; 0: it is now.
  [[nodiscard]] std::int64_t wait_ms(const window_rule& rule, base::epoch_ms now) const noexcept;
  // One beyond what is allowed is not counted: it would make the wait endless.
  void add(const window_rule& rule, base::epoch_ms now);

 private:
  std::vector<base::epoch_ms> at_;  // oldest first, at most failures_max
};

}  // namespace posthorn::policy
