// A company's members (contract 2.9), for its admins and the machine admin; viewers read the list.
#include "api/body_fields.hpp"
#include "api/company_scope.hpp"
#include "api/handlers.hpp"
#include "api/member_json.hpp"
#include "api/paging.hpp"
#include "api/text_forms.hpp"
#include "base/id.hpp"

namespace posthorn::api {
namespace {

constexpr std::string_view tag = "mem";

// The company that the call is about, and the member in its path.
struct member_in_path {
  model::company_id company = 0;
  model::member_id id = 0;
};

base::result<member_in_path> member_of(const call& from) {
  const auto company = company_of(from);
  if (!company) return std::unexpected(company.error());
  const auto id = from.id(base::member_prefix);
  if (!id) return std::unexpected(id.error());
  return member_in_path{*company, *id};
}

}  // namespace

handled list_members(call& from) {
  const auto want = page_of(from, tag);
  if (!want) co_return std::unexpected(want.error());
  const auto company = company_of(from);
  if (!company) co_return std::unexpected(company.error());
  const auto work = [&] { return from.with.people.members_of(*company); };
  auto all = co_await off_thread(from, work);
  if (!all) co_return std::unexpected(std::move(all.error()));
  const auto id_of = [](const model::member& each) { return each.id; };
  const auto shown = [](const model::member& each) { return to_json(each); };
  co_return page_in_memory(*std::move(all), *want, tag, id_of, shown);
}

handled change_member(call& from) {
  const auto of = member_of(from);
  if (!of) co_return std::unexpected(of.error());
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"role"});
  fields.require("role", "it is what can be changed");
  const auto role = fields.choice("role", model::member_role_from, role_choices);
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  const auto work = [&] { return from.with.people.change_role(of->company, of->id, *role); };
  const auto changed = co_await off_thread(from, work);
  if (!changed) co_return std::unexpected(changed.error());
  co_return json_answer(200, to_json(*changed));
}

handled remove_member(call& from) {
  const auto of = member_of(from);
  if (!of) co_return std::unexpected(of.error());
  const auto work = [&] { return from.with.people.remove(of->company, of->id); };
  auto done = co_await off_thread(from, work);
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return net::response{.status = 204};
}

handled end_member_sessions(call& from) {
  const auto of = member_of(from);
  if (!of) co_return std::unexpected(of.error());
  const auto work = [&] { return from.with.people.end_sessions(of->company, of->id); };
  auto done = co_await off_thread(from, work);
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return net::response{.status = 204};
}

// For where no mail server is: the admin hands the link over. An admin's own password is changed with the one of now.
handled make_member_reset_link(call& from) {
  const auto of = member_of(from);
  if (!of) co_return std::unexpected(of.error());
  if (from.with.mail != nullptr) {
    co_return base::fail(base::fault::not_acceptable_now,
                         "a mail server is configured: the member asks for a link on the login page");
  }
  if (from.who.kind == account::caller_kind::member && from.who.member.id == of->id) {
    co_return base::fail(base::fault::not_acceptable_now, "this is about another member: change your own password");
  }
  const auto work = [&] { return from.with.people.make_reset_link(of->company, of->id); };
  const auto made = co_await off_thread(from, work);
  if (!made) co_return std::unexpected(made.error());
  co_return json_answer(201,
                        boost::json::object{{"link", from.with.public_url + "/console/reset#" + made->token},
                                            {"expires_at", engine_time_or_null(made->expires_at, from.with.clock)}});
}

}  // namespace posthorn::api
