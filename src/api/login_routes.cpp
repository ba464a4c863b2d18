// Entering the console by password, leaving it, and what is a member's own (contract 2.9).
#include <memory>
#include <utility>

#include "account/acting_member.hpp"
#include "api/body_fields.hpp"
#include "api/console_call.hpp"
#include "api/entry_guard.hpp"
#include "api/handlers.hpp"
#include "api/hash_turn.hpp"
#include "api/member_json.hpp"
#include "base/boundary.hpp"
#include "base/id.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"

namespace posthorn::api {
namespace {

namespace limits = base::limits;
using base::fault;

struct login {
  std::string email;
  std::string password;
};

base::result<login> read_login(const call& from) {
  const auto body = parse_object(from.request.body);
  if (!body) return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"email", "password"});
  fields.require("email", "it is who you are");
  fields.require("password", "it shows that it is you");
  auto email = fields.text("email", 1, limits::email_chars_max);
  auto password = fields.text("password", 1, limits::password_bytes_max);
  if (errors.any()) return std::unexpected(errors.outcome().error());
  return login{*std::move(email), *std::move(password)};
}

void note_refusal(services& with, const store::audit_note& note, const std::string& email) {
  const auto members = with.people.find_all(email);
  if (!members) return base::log_warn("refused_login_not_told", {{"detail", members.error().detail}});
  for (const model::member& each : *members) {
    store::audit_note own = note;
    account::act_as(&own, each);
    own.entry.object = own.entry.actor_id;
    const store::acting as(&own);
    if (const auto told = with.changes.write(); !told) {
      base::log_warn("refused_login_not_told", {{"member", own.entry.object}, {"detail", told.error().detail}});
    }
  }
}

// A try at a member's address is told in the log of each company that has such a member, and in no other way, so that
// no company's log shows whether another has. Not waited for: an address that nobody has is not answered sooner.
void tell_of_refusal(call& from, std::string email) {
  auto note = std::make_shared<store::audit_note>(*std::exchange(from.audit, std::nullopt));
  note->entry.after = R"({"refused":"wrong password"})";
  auto work = [&with = from.with, note = std::move(note), email = std::move(email)] {
    base::survive("noting a refused login", [&] { note_refusal(with, *note, email); });
  };
  boost::asio::post(from.with.blocking, std::move(work));
}

net::response ended_session(const call& from) {
  net::response given{.status = 204};
  given.headers.emplace_back("Set-Cookie", session_cookie("", from.request, from.with.public_url));
  return given;
}

}  // namespace

handled log_in(call& from) {
  if (auto may = may_enter(from); !may) co_return std::unexpected(std::move(may.error()));
  const auto given = read_login(from);
  if (!given) co_return std::unexpected(given.error());
  const account::password_try attempt = password_try_of(from, account::password_use::login, given->email, given->email);
  if (const std::int64_t wait = from.with.logins.wait_ms(attempt); wait > 0) co_return too_often(wait);
  const auto work = [&] { return from.with.people.log_in(given->email, given->password, address_of(from)); };
  const auto entered = co_await in_hash_turn(from, attempt, work);
  if (entered) {
    from.with.logins.note_success(attempt);
    co_return entered_answer(from, 200, *entered);
  }
  if (entered.error().code != fault::unauthenticated) co_return std::unexpected(entered.error());
  from.with.logins.note_failure(attempt);
  const std::int64_t wait = from.with.failures.note(from.request.remote);
  tell_of_refusal(from, given->email);
  if (wait > 0) co_return too_often(wait);
  co_return std::unexpected(entered.error());
}

handled get_me(call& from) {
  const auto work = [&] { return from.with.people.find(from.who.member.id); };
  const auto who = co_await off_thread(from, work);
  if (!who) co_return std::unexpected(who.error());
  co_return me_answer(from, 200, *who);
}

handled change_me(call& from) {
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"name", "notices"});
  account::own_settings wanted;
  wanted.name = fields.text("name", 1, limits::name_chars_max);
  wanted.notices = fields.boolean("notices");
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  const auto work = [&] { return from.with.people.change_own(from.who.member, wanted); };
  const auto who = co_await off_thread(from, work);
  if (!who) co_return std::unexpected(who.error());
  co_return me_answer(from, 200, *who);
}

handled log_out(call& from) {
  const auto work = [&] { return from.with.people.log_out(from.who.member); };
  const auto done = co_await off_thread(from, work);
  if (!done) co_return std::unexpected(done.error());
  co_return ended_session(from);
}

handled log_out_everywhere(call& from) {
  const auto work = [&] { return from.with.people.log_out_everywhere(from.who.member); };
  const auto done = co_await off_thread(from, work);
  if (!done) co_return std::unexpected(done.error());
  co_return ended_session(from);
}

handled change_password(call& from) {
  const auto body = parse_object(from.request.body);
  if (!body) co_return std::unexpected(body.error());
  body_errors errors;
  body_fields fields(*body, "", errors);
  fields.only({"current", "new"});
  fields.require("current", "your password of now shows that it is you");
  fields.require("new", "it is what the password will be");
  const auto current = fields.text("current", 1, limits::password_bytes_max);
  const auto wanted = fields.text("new", limits::password_bytes_min, limits::password_bytes_max);
  if (errors.any()) co_return std::unexpected(errors.outcome().error());
  const account::console_caller& member = from.who.member;
  const account::password_try attempt = password_try_of(from, account::password_use::change,
                                                        base::format_id(base::member_prefix, member.id), member.email);
  if (const std::int64_t wait = from.with.logins.wait_ms(attempt); wait > 0) co_return too_often(wait);
  const auto work = [&] { return from.with.people.change_password(member, *current, *wanted); };
  const auto done = co_await in_hash_turn(from, attempt, work);
  // A new one that is refused has cost as much as one that is taken.
  const bool was_judged = done || done.error().code == fault::invalid_field;
  const bool is_wrong =
      !done && was_judged && !done.error().fields.empty() && done.error().fields.front().pointer == "/current";
  if (is_wrong) {
    from.with.logins.note_failure(attempt);
  } else if (was_judged) {
    from.with.logins.note_success(attempt);
  }
  if (!done) co_return std::unexpected(done.error());
  co_return net::response{.status = 204};
}

}  // namespace posthorn::api
