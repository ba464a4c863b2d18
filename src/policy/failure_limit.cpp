#include "policy/failure_limit.hpp"

#include <algorithm>

namespace posthorn::policy {

std::int64_t failure_wait_ms(const failure_rule& rule, failure_budget budget, base::epoch_ms now) noexcept {
  const std::int64_t owed = std::max(budget.whole_again_at, now) - now + rule.one_more_ms;
  return std::max<std::int64_t>(0, owed - rule.burst * rule.one_more_ms);
}

failure_budget after_failure(const failure_rule& rule, failure_budget budget, base::epoch_ms now) noexcept {
  if (failure_wait_ms(rule, budget, now) > 0) return budget;
  return {std::max(budget.whole_again_at, now) + rule.one_more_ms};
}

}  // namespace posthorn::policy
