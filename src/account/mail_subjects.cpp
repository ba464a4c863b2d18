#include "account/mail_subjects.hpp"

#include <fmt/format.h>

#include "base/encoding.hpp"

namespace posthorn::account {

std::string reset_subject(model::member_id of, bool is_known) {
  return fmt::format("reset/{}/{}", of, is_known ? "known" : "other");
}

std::string reset_by_admin_subject(model::member_id of) { return fmt::format("reset/{}/admin", of); }

std::string invitation_subject(model::company_id by, const std::string& digest) {
  return fmt::format("invitation/{}/{}", by, base::to_base64url(digest));
}

std::string notice_subject(model::integration_no about, model::member_id to) {
  return fmt::format("notice/{}/{}", about, to);
}

}  // namespace posthorn::account
