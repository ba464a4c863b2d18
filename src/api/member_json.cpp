#include "api/member_json.hpp"

#include "api/console_call.hpp"
#include "api/paging.hpp"
#include "api/text_forms.hpp"
#include "base/id.hpp"

namespace posthorn::api {

namespace json = boost::json;

json::object to_json(const model::member& of) {
  return {{"id", base::format_id(base::member_prefix, of.id)},
          {"email", of.email},
          {"name", of.name},
          {"role", model::to_string(of.role)},
          {"created_at", base::to_rfc3339(of.created_at)},
          {"last_login_at", time_or_null(of.last_login_at)},
          {"notices", of.notices}};
}

std::string company_name(const services& with, model::company_id of) {
  const store::shared_directory now = with.directory.current();
  const auto found = now->companies.find(of);
  return found == now->companies.end() ? std::string() : found->second.name;
}

std::optional<std::string> email_in(body_fields& fields) {
  fields.require("email", "it is whom the member is known by");
  auto email = fields.text("email", 1, base::limits::email_chars_max);
  if (!email || model::is_email(*email)) return email;
  fields.refuse("email", "must be an e-mail address, such as anna@example.com");
  return std::nullopt;
}

net::response me_answer(const call& from, int status, const model::member& who) {
  return json_answer(status, json::object{{"member", to_json(who)},
                                          {"company",
                                           {{"id", base::format_id(base::company_prefix, who.company)},
                                            {"name", company_name(from.with, who.company)}}},
                                          {"smtp", from.with.mail != nullptr}});
}

net::response entered_answer(const call& from, int status, const account::entered& entered) {
  net::response given = me_answer(from, status, entered.who);
  given.headers.emplace_back("Set-Cookie", session_cookie(entered.token, from.request, from.with.public_url));
  return given;
}

}  // namespace posthorn::api
