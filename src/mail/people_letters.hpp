// The mails that people get. Links are this server's own; all other text is escaped where it stands in HTML.
#pragma once

#include <string>
#include <string_view>

#include "mail/endpoint_notices.hpp"
#include "mail/letter.hpp"
#include "model/member.hpp"

namespace posthorn::mail {

[[nodiscard]] letter invitation_letter(const model::invitation& to, std::string_view company, std::string_view link);
[[nodiscard]] letter reset_letter(const model::member& to, std::string_view company, std::string_view link);
// `console`: where the console is, for a link to the endpoint.
[[nodiscard]] letter notice_letter(const model::member& to, const notice& of, std::string_view console);

}  // namespace posthorn::mail
