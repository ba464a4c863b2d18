// Entering the console by password, leaving it, and what is a member's own (contract 2.9).
#include <algorithm>
#include <memory>
#include <utility>

#include "api/body_fields.hpp"
#include "api/console_call.hpp"
#include "api/entry_guard.hpp"
#include "api/handlers.hpp"
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

// Of a try at a member's address. Not waited for: an address that nobody has is not answered sooner.
void tell_of_refusal(call& from) {
  auto note = std::make_shared<store::audit_note>(*std::exchange(from.audit, std::nullopt));
  note->entry.object = note->entry.actor_id;
  note->entry.after = R"({"refused":"wrong password"})";
  auto work = [&changes = from.with.changes, note = std::move(note)] {
    const store::acting as(note.get());
    const auto told = base::contain("noting a refused login", note->entry.request_id, [&] { return changes.write(); });
    if (!told) {
      base::log_warn("refused_login_not_told", {{"member", note->entry.object}, {"detail", told.error().detail}});
    }
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
  if (const std::int64_t wait = from.with.logins.wait_ms(given->email); wait > 0) co_return too_often(wait);
  const auto work = [&] { return from.with.people.log_in(given->email, given->password); };
  const auto entered = co_await off_thread(from, work);
  if (entered) co_return entered_answer(from, 200, *entered);
  if (entered.error().code != fault::unauthenticated) co_return std::unexpected(entered.error());
  const std::int64_t wait = std::max(from.with.logins.note(given->email), from.with.failures.note(from.request.remote));
  if (!from.audit->entry.actor_id.empty()) tell_of_refusal(from);
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
  const std::string account = base::format_id(base::member_prefix, from.who.member.id);
  if (const std::int64_t wait = from.with.logins.wait_ms(account); wait > 0) co_return too_often(wait);
  const auto work = [&] { return from.with.people.change_password(from.who.member, *current, *wanted); };
  const auto done = co_await off_thread(from, work);
  if (done) co_return net::response{.status = 204};
  if (done.error().code == fault::invalid_field) static_cast<void>(from.with.logins.note(account));
  co_return std::unexpected(done.error());
}

}  // namespace posthorn::api
