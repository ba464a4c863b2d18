// Invitations of a company (contract 2.9): made, sent again, taken back. Where no mail server is configured, the answer
// has the link, this once.
#include "api/body_fields.hpp"
#include "api/company_scope.hpp"
#include "api/handlers.hpp"
#include "api/member_json.hpp"
#include "api/paging.hpp"
#include "api/text_forms.hpp"
#include "base/id.hpp"
#include "base/log.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;

constexpr std::string_view tag = "inv";

json::object to_json(const model::invitation& of, const base::clock& clock) {
  const bool is_over = of.expires_at <= clock.engine();
  const char* const state = of.accepted_at != 0 ? "accepted" : is_over ? "expired" : "open";
  const std::string inviter = of.invited_by == 0 ? std::string() : base::format_id(base::member_prefix, of.invited_by);
  return {{"id", base::format_id(base::invitation_prefix, of.id)},
          {"email", of.email},
          {"role", model::to_string(of.role)},
          {"invited_by", text_or_null(inviter)},
          {"created_at", base::to_rfc3339(of.created_at)},
          {"expires_at", engine_time_or_null(of.expires_at, clock)},
          {"state", state},
          {"mailed", of.mailed},
          {"link", nullptr}};
}

// Where a mail server will not take it, the invitation stands all the same: `mailed` says so, and it can be sent again.
base::result<void> send(call& from, account::invited& made) {
  const std::string link = from.with.public_url + "/console/invitation#" + made.token;
  const auto sent = from.with.mail->send_invitation(made.value, company_name(from.with, made.value.company), link);
  if (!sent) {
    base::log_warn("invitation_not_mailed", {{"detail", sent.error().detail}});
    return {};
  }
  made.value.mailed = true;
  return from.with.people.note_mailed(made.value);
}

account::handing_over handing_over_of(const call& from) noexcept {
  return from.with.mail == nullptr ? account::handing_over::by_hand : account::handing_over::by_mail;
}

net::response invited_answer(const call& from, int status, const account::invited& made) {
  json::object shown = to_json(made.value, from.with.clock);
  if (from.with.mail == nullptr) shown["link"] = from.with.public_url + "/console/invitation#" + made.token;
  return json_answer(status, shown);
}

}  // namespace

handled list_invitations(call& from) {
  const auto want = page_of(from, tag);
  if (!want) co_return std::unexpected(want.error());
  const auto company = company_of(from);
  if (!company) co_return std::unexpected(company.error());
  const auto work = [&] { return from.with.people.invitations_of(*company); };
  auto all = co_await off_thread(from, work);
  if (!all) co_return std::unexpected(std::move(all.error()));
  const auto id_of = [](const model::invitation& each) { return each.id; };
  const auto shown = [&](const model::invitation& each) { return to_json(each, from.with.clock); };
  co_return page_in_memory(*std::move(all), *want, tag, id_of, shown);
}

handled create_invitation(call& from) {
  const auto company = company_of(from);
  if (!company) co_return std::unexpected(company.error());
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"email", "role"});
  const auto email = email_in(fields);
  fields.require("role", "what the person may do");
  const auto role = fields.choice("role", model::member_role_from, role_choices);
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  const auto work = [&]() -> base::result<account::invited> {
    auto made = from.with.people.invite(*company, *email, *role, from.who.member.id, handing_over_of(from));
    if (!made || from.with.mail == nullptr) return made;
    if (auto noted = send(from, *made); !noted) return std::unexpected(std::move(noted.error()));
    return made;
  };
  const auto made = co_await off_thread(from, work);
  if (!made) co_return std::unexpected(made.error());
  co_return invited_answer(from, 201, *made);
}

handled resend_invitation(call& from) {
  const auto company = company_of(from);
  if (!company) co_return std::unexpected(company.error());
  const auto id = from.id(base::invitation_prefix);
  if (!id) co_return std::unexpected(id.error());
  const auto work = [&]() -> base::result<account::invited> {
    auto made = from.with.people.resend(*company, *id, handing_over_of(from));
    if (!made || from.with.mail == nullptr) return made;
    if (auto noted = send(from, *made); !noted) return std::unexpected(std::move(noted.error()));
    return made;
  };
  const auto made = co_await off_thread(from, work);
  if (!made) co_return std::unexpected(made.error());
  co_return invited_answer(from, 200, *made);
}

handled delete_invitation(call& from) {
  const auto company = company_of(from);
  if (!company) co_return std::unexpected(company.error());
  const auto id = from.id(base::invitation_prefix);
  if (!id) co_return std::unexpected(id.error());
  const auto work = [&] { return from.with.people.withdraw(*company, *id); };
  auto done = co_await off_thread(from, work);
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return net::response{.status = 204};
}

}  // namespace posthorn::api
