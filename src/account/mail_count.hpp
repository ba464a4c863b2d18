// Counts a mail inside a store's transaction.
#pragma once

#include <string>

#include "policy/mail_limit.hpp"
#include "store/people_store.hpp"

namespace posthorn::account {

// How long until another mail about `subject` may go out, in ms; 0: now, and it has been counted. `now`: engine time.
[[nodiscard]] std::int64_t count_mail(store::people_changes& in, const std::string& subject, model::member_id member,
                                      const policy::mail_rule& rule, base::epoch_ms now);

}  // namespace posthorn::account
