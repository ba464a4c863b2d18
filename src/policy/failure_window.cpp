#include "policy/failure_window.hpp"

#include <algorithm>

namespace posthorn::policy {

std::int64_t failure_window::wait_ms(const window_rule& rule, base::epoch_ms now) const noexcept {
  if (at_.size() < rule.failures_max) return 0;
  return std::max<std::int64_t>(0, at_.front() + rule.window_ms - now);
}

void failure_window::add(const window_rule& rule, base::epoch_ms now) {
  std::erase_if(at_, [&](base::epoch_ms each) { return each + rule.window_ms <= now; });
  if (at_.size() < rule.failures_max) at_.push_back(now);
}

}  // namespace posthorn::policy
