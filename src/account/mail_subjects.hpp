// Whose mails are counted together (store::mail_record::subject), and by which rule.
#pragma once

#include <string>

#include "account/limits.hpp"
#include "model/ids.hpp"
#include "policy/mail_limit.hpp"

namespace posthorn::account {

inline constexpr policy::mail_rule reset_rule{.gap_ms = 0, .burst = 1, .day_max = mail_limits::resets_a_day_max};
inline constexpr policy::mail_rule reset_by_admin_rule{
    .gap_ms = 0, .burst = 1, .day_max = mail_limits::resets_by_admins_a_day_max};
inline constexpr policy::mail_rule invitation_rule{.gap_ms = mail_limits::invitation_gap_ms,
                                                   .burst = mail_limits::invitations_at_once_max,
                                                   .day_max = mail_limits::invitations_a_day_max};
inline constexpr policy::mail_rule notice_rule{.gap_ms = 0, .burst = 1, .day_max = mail_limits::notices_a_day_max};

// Asked for on the login page. From an address that the member has logged in from, or from any other: so that strangers
// who ask use up nothing of the member's own.
[[nodiscard]] std::string reset_subject(model::member_id of, bool is_known);
[[nodiscard]] std::string reset_by_admin_subject(model::member_id of);
// To one address, told by a digest, whatever becomes of the invitation.
[[nodiscard]] std::string invitation_subject(model::company_id by, const std::string& digest);
// To one member about all endpoints of an integration.
[[nodiscard]] std::string notice_subject(model::integration_no about, model::member_id to);

}  // namespace posthorn::account
