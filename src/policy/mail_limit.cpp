#include "policy/mail_limit.hpp"

#include <algorithm>

namespace posthorn::policy {
namespace {

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;

}  // namespace

std::int64_t mail_wait_ms(const mail_rule& rule, const mail_history& history, base::epoch_ms now) noexcept {
  const std::int64_t gap = history.free_again_at - now - (rule.burst - 1) * rule.gap_ms;
  const bool is_day_full = history.sent >= rule.day_max && now < history.day_began_at + day_ms;
  const std::int64_t day = is_day_full ? history.day_began_at + day_ms - now : 0;
  return std::max<std::int64_t>({0, gap, day});
}

mail_history after_mail(const mail_rule& rule, const mail_history& history, base::epoch_ms now) noexcept {
  const bool is_new_day = history.sent == 0 || now >= history.day_began_at + day_ms;
  return {.free_again_at = std::max(history.free_again_at, now) + rule.gap_ms,
          .day_began_at = is_new_day ? now : history.day_began_at,
          .sent = is_new_day ? 1 : history.sent + 1};
}

}  // namespace posthorn::policy
