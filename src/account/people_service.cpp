#include "account/people_service.hpp"

#include <utility>

#include "account/acting_member.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/limits.hpp"
#include "base/random.hpp"

namespace posthorn::account {

namespace limits = base::limits;
using base::fault;
using store::people_changes;

namespace {

constexpr std::size_t token_bytes = 32;

std::unexpected<base::error> not_known() {
  return base::fail(fault::unauthenticated, "no member has this e-mail address and password");
}

std::unexpected<base::error> gone() { return base::fail(fault::not_found, "there is no such member"); }

}  // namespace

std::string new_link_token() { return base::to_base64url(base::random_bytes(token_bytes)); }

base::result<void> people_service::load_sessions() {
  const auto live = people_.live_sessions(clock_.engine());
  if (!live) return std::unexpected(live.error());
  for (const model::console_session& each : *live) {
    const auto who = people_.find_member(each.member);
    if (!who) return std::unexpected(who.error());
    if (*who) live_.put(**who, each.token_digest, each.expires_at);
  }
  return {};
}

people_service::opened people_service::open_session(people_changes& in, const model::member& of) const {
  in.erase_expired(clock_.engine());
  opened made;
  made.token = new_link_token();
  made.session = {.token_digest = base::sha256(made.token),
                  .member = of.id,
                  .created_at = clock_.wall(),
                  .expires_at = clock_.engine() + limits::console_session_ms};
  const auto before = in.sessions_of(of.id);
  for (std::size_t i = 0; i + limits::console_sessions_per_member_max <= before.size(); ++i) {
    in.erase_session(before[i].token_digest);
    made.ended.push_back(before[i].token_digest);
  }
  in.put(made.session);
  return made;
}

entered people_service::admit(opened session, model::member who) {
  live_.end_expired(clock_.engine());
  for (const std::string& each : session.ended) live_.end(each);
  live_.put(who, session.session.token_digest, session.session.expires_at);
  return {std::move(who), std::move(session.token)};
}

base::result<entered> people_service::log_in(std::string_view email, std::string_view password) {
  const auto known = people_.find_member(email);
  if (!known) return std::unexpected(known.error());
  const auto right = passwords_.matches(*known ? (*known)->password : std::string(), password);
  if (!right) return std::unexpected(right.error());
  if (*known) act_as(store::acting::current(), **known);
  if (!*right) return not_known();
  const std::lock_guard lock(changing_);
  opened session;
  auto who = decided<model::member>([&](people_changes& in) -> base::result<model::member> {
    auto member = in.find_member((*known)->id);
    if (!member || member->password != (*known)->password) {
      return not_known();
    }
    member->last_login_at = clock_.wall();
    in.put(*member);
    session = open_session(in, *member);
    return *member;
  });
  if (!who) return std::unexpected(std::move(who.error()));
  return admit(std::move(session), *std::move(who));
}

base::result<void> people_service::log_out(const console_caller& who) {
  const std::lock_guard lock(changing_);
  auto done = people_.change_people([&](people_changes& in) -> base::result<void> {
    in.erase_session(who.session_digest);
    return {};
  });
  if (done) live_.end(who.session_digest);
  return done;
}

base::result<void> people_service::log_out_everywhere(const console_caller& who) {
  const std::lock_guard lock(changing_);
  auto done = people_.change_people([&](people_changes& in) -> base::result<void> {
    for (const auto& each : in.sessions_of(who.id)) in.erase_session(each.token_digest);
    return {};
  });
  if (done) live_.end_all(who.id);
  return done;
}

base::result<void> people_service::change_password(const console_caller& who, std::string_view current,
                                                   std::string_view wanted) {
  const auto member = find(who.id);
  if (!member) return std::unexpected(member.error());
  const auto right = passwords_.matches(member->password, current);
  if (!right) return std::unexpected(right.error());
  if (!*right) return base::fail_at(fault::invalid_field, "/current", "is not your password of now");
  const auto hash = passwords_.hash(wanted);
  if (!hash) return std::unexpected(hash.error());
  const std::lock_guard lock(changing_);
  auto done = people_.change_people([&](people_changes& in) -> base::result<void> {
    auto now = in.find_member(who.id);
    if (!now || now->password != member->password) return gone();
    now->password = *hash;
    in.put(*now);
    in.erase_tokens(model::token_purpose::reset, who.id);
    for (const auto& each : in.sessions_of(who.id)) {
      if (each.token_digest != who.session_digest) in.erase_session(each.token_digest);
    }
    return {};
  });
  if (done) live_.end_all(who.id, who.session_digest);
  return done;
}

base::result<model::member> people_service::change_own(const console_caller& who, const own_settings& wanted) {
  return decided<model::member>([&](people_changes& in) -> base::result<model::member> {
    auto member = in.find_member(who.id);
    if (!member) return gone();
    member->name = wanted.name.value_or(member->name);
    member->notices = wanted.notices.value_or(member->notices);
    in.put(*member);
    return *member;
  });
}

base::result<model::member> people_service::find(model::member_id id) {
  auto found = people_.find_member(id);
  if (!found) return std::unexpected(std::move(found.error()));
  if (!*found) return gone();
  return **std::move(found);
}

}  // namespace posthorn::account
