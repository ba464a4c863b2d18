// How many mails of one kind one person gets: a gap between two, and so many in 24 hours. Pure.
#pragma once

#include <cstdint>

#include "base/clock.hpp"

namespace posthorn::policy {

struct mail_rule {
  std::int64_t gap_ms = 0;
  int burst = 1;  // at once, before the gap counts
  int day_max = 0;
};

// Times of any one clock. As it begins: nothing was sent yet.
struct mail_history {
  base::epoch_ms free_again_at = 0;  // when the gaps of all mails so far are over
  base::epoch_ms day_began_at = 0;
  std::int32_t sent = 0;  // since then

  bool operator==(const mail_history&) const = default;
};

// How long until the next mail may go out, in ms; 0: it may now.
[[nodiscard]] std::int64_t mail_wait_ms(const mail_rule& rule, const mail_history& history,
                                        base::epoch_ms now) noexcept;
// After one that goes out at `now`.
[[nodiscard]] mail_history after_mail(const mail_rule& rule, const mail_history& history, base::epoch_ms now) noexcept;

}  // namespace posthorn::policy
