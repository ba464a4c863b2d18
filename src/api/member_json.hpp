// Members as the API shows them, and the answers that say who is logged in.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "api/body_fields.hpp"
#include "api/call.hpp"
#include "model/member.hpp"
#include "net/http_handler.hpp"

namespace posthorn::api {

inline constexpr std::string_view role_choices = "\"admin\" or \"viewer\"";

[[nodiscard]] boost::json::object to_json(const model::member& of);
[[nodiscard]] std::string company_name(const services& with, model::company_id of);

// A required e-mail address in the body; nullopt where an error has been added.
[[nodiscard]] std::optional<std::string> email_in(body_fields& fields);

// {"member","company","smtp"}: who a console's session is of.
[[nodiscard]] net::response me_answer(const call& from, int status, const model::member& who);
// The same with the cookie that begins the session.
[[nodiscard]] net::response entered_answer(const call& from, int status, const account::entered& entered);

}  // namespace posthorn::api
