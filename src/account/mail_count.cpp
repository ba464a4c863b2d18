#include "account/mail_count.hpp"

namespace posthorn::account {

std::int64_t count_mail(store::people_changes& in, const std::string& subject, model::member_id member,
                        const policy::mail_rule& rule, base::epoch_ms now) {
  const auto record = in.find_mail_record(subject);
  policy::mail_history history;
  if (record) history = {record->free_again_at, record->day_began_at, record->sent};
  if (const std::int64_t wait = policy::mail_wait_ms(rule, history, now); wait > 0) return wait;
  history = policy::after_mail(rule, history, now);
  in.put(store::mail_record{.subject = subject,
                            .member = member,
                            .free_again_at = history.free_again_at,
                            .day_began_at = history.day_began_at,
                            .sent = history.sent});
  return 0;
}

}  // namespace posthorn::account
