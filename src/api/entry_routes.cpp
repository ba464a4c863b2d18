// Entering the console by a link that works once (contract 2.9): the page reads the token from the address's fragment.
#include "api/body_fields.hpp"
#include "api/entry_guard.hpp"
#include "api/handlers.hpp"
#include "api/hash_turn.hpp"
#include "api/member_json.hpp"
#include "api/paging.hpp"
#include "api/text_forms.hpp"
#include "base/boundary.hpp"
#include "base/log.hpp"

namespace posthorn::api {
namespace {

namespace limits = base::limits;

std::optional<std::string> token_in(body_fields& fields) {
  fields.require("token", "it is what stands behind # in the link");
  return fields.text("token", 1, limits::link_token_chars_max);
}

std::optional<std::string> new_password_in(body_fields& fields) {
  fields.require("password", "choose one");
  return fields.text("password", limits::password_bytes_min, limits::password_bytes_max);
}

std::optional<std::string> name_in(body_fields& fields) {
  fields.require("name", "what others see");
  return fields.text("name", 1, limits::name_chars_max);
}

// Who has a link that works has a turn of its own.
account::password_try turn_of_link(const call& from, std::string_view token) {
  return password_try_of(from, account::password_use::login, token);
}

void mail_reset(services& with, const std::string& email, account::caller_address asked_from) {
  const auto made = with.people.make_reset_links(email, asked_from);
  if (!made) return base::log_warn("reset_not_made", {{"detail", made.error().detail}});
  for (const account::reset_link& each : *made) {
    with.mail->send_reset(each.of, company_name(with, each.of.company),
                          with.public_url + "/console/reset#" + each.token);
  }
}

}  // namespace

handled set_up(call& from) {
  if (auto may = may_enter(from); !may) co_return std::unexpected(std::move(may.error()));
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"token", "email", "name", "password"});
  const auto token = token_in(fields);
  const auto email = email_in(fields);
  const auto name = name_in(fields);
  const auto password = new_password_in(fields);
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  const auto look = [&] { return from.with.people.check_link(model::token_purpose::setup, *token); };
  const auto open = co_await off_thread(from, look);
  if (!open) co_return failed_entry(from, open.error());
  const auto work = [&] { return from.with.people.set_up(*token, {*email, *name, *password}, address_of(from)); };
  const auto entered = co_await in_hash_turn(from, turn_of_link(from, *token), work);
  if (!entered) co_return failed_entry(from, entered.error());
  co_return entered_answer(from, 201, *entered);
}

// Whether there is such a member does not show, neither in the answer nor in how long it takes: nothing is waited for.
handled ask_for_reset(call& from) {
  if (auto may = may_enter(from); !may) co_return std::unexpected(std::move(may.error()));
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"email"});
  const auto email = email_in(fields);
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  if (const std::int64_t wait = from.with.failures.note(from.request.remote); wait > 0) co_return too_often(wait);
  if (from.with.mail != nullptr) {
    auto work = [&with = from.with, email = *email, address = address_of(from)] {
      base::survive("mailing a reset", [&] { mail_reset(with, email, address); });
    };
    boost::asio::post(from.with.blocking, std::move(work));
  }
  co_return net::response{.status = 202};
}

handled finish_reset(call& from) {
  if (auto may = may_enter(from); !may) co_return std::unexpected(std::move(may.error()));
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"token", "password"});
  const auto token = token_in(fields);
  const auto password = new_password_in(fields);
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  const auto look = [&] { return from.with.people.check_link(model::token_purpose::reset, *token); };
  const auto open = co_await off_thread(from, look);
  if (!open) co_return failed_entry(from, open.error());
  const auto work = [&] { return from.with.people.finish_reset(*token, *password, address_of(from)); };
  const auto entered = co_await in_hash_turn(from, turn_of_link(from, *token), work);
  if (!entered) co_return failed_entry(from, entered.error());
  co_return entered_answer(from, 200, *entered);
}

handled show_invitation(call& from) {
  if (auto may = may_enter(from); !may) co_return std::unexpected(std::move(may.error()));
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"token"});
  const auto token = token_in(fields);
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  const auto work = [&] { return from.with.people.find_invitation(*token); };
  const auto found = co_await off_thread(from, work);
  if (!found) co_return failed_entry(from, found.error());
  co_return json_answer(200,
                        boost::json::object{{"email", found->email},
                                            {"role", model::to_string(found->role)},
                                            {"company", {{"name", company_name(from.with, found->company)}}},
                                            {"expires_at", engine_time_or_null(found->expires_at, from.with.clock)}});
}

handled accept_invitation(call& from) {
  if (auto may = may_enter(from); !may) co_return std::unexpected(std::move(may.error()));
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"token", "name", "password"});
  const auto token = token_in(fields);
  const auto name = name_in(fields);
  const auto password = new_password_in(fields);
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  const auto look = [&] { return from.with.people.find_invitation(*token); };
  const auto open = co_await off_thread(from, look);
  if (!open) co_return failed_entry(from, open.error());
  const auto work = [&] { return from.with.people.accept(*token, *name, *password, address_of(from)); };
  const auto entered = co_await in_hash_turn(from, turn_of_link(from, *token), work);
  if (!entered) co_return failed_entry(from, entered.error());
  co_return entered_answer(from, 201, *entered);
}

}  // namespace posthorn::api
