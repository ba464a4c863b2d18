#include "account/people_service.hpp"

#include <utility>

#include "account/acting_member.hpp"
#include "account/limits.hpp"
#include "account/password_policy.hpp"
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

base::result<void> people_service::load() {
  const auto live = people_.live_sessions(clock_.engine());
  if (!live) return std::unexpected(live.error());
  for (const model::console_session& each : *live) {
    const auto who = people_.find_member(each.member);
    if (!who) return std::unexpected(who.error());
    if (*who) live_.put(**who, each.token_digest, each.expires_at);
  }
  const auto known = people_.known_addresses(clock_.engine());
  if (!known) return std::unexpected(known.error());
  for (const model::known_address& each : *known) addresses_.put(each.digest, each.expires_at);
  return {};
}

bool people_service::knows(std::string_view email, caller_address from) const {
  return from.subscriber != 0 && addresses_.contains(email, from.subscriber, clock_.engine());
}

std::string people_service::company_name(model::company_id of) const {
  const store::shared_directory now = directory_.current();
  const auto found = now->companies.find(of);
  return found == now->companies.end() ? std::string() : found->second.name;
}

void people_service::keep_address(people_changes& in, const model::member& of, caller_address from,
                                  opened& with) const {
  if (from.subscriber == 0) return;
  // The address belongs to the member who had it first: one whom another company made vouches for nobody.
  const auto same = in.find_members(of.email);
  if (same.empty() || same.front().id != of.id) return;
  with.address = {.member = of.id,
                  .digest = addresses_.digest_of(of.email, from.subscriber),
                  .expires_at = clock_.engine() + login_limits::known_address_ms};
  in.put(with.address);
  const auto all = in.known_addresses_of(of.id);
  for (std::size_t i = 0; i + login_limits::known_addresses_per_member_max < all.size(); ++i) {
    in.erase_known_address(of.id, all[i].digest);
    with.forgotten.push_back(all[i].digest);
  }
}

people_service::opened people_service::open_session(people_changes& in, const model::member& of,
                                                    caller_address from) const {
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
  keep_address(in, of, from, made);
  return made;
}

entered people_service::admit(opened session, model::member who) {
  live_.end_expired(clock_.engine());
  for (const std::string& each : session.ended) live_.end(each);
  live_.put(who, session.session.token_digest, session.session.expires_at);
  for (const std::string& each : session.forgotten) addresses_.erase(each);
  const model::known_address& address = session.address;
  if (!address.digest.empty()) addresses_.put(address.digest, address.expires_at);
  return {std::move(who), std::move(session.token)};
}

base::result<entered> people_service::log_in(std::string_view email, std::string_view password, caller_address from) {
  const auto all = people_.find_members(email);
  if (!all) return std::unexpected(all.error());
  std::vector<std::string> stored;
  for (const model::member& each : *all) stored.push_back(each.password);
  const auto match = passwords_.find_match(stored, password);
  if (!match) return not_known();
  const model::member& known = (*all)[*match];
  act_as(store::acting::current(), known);
  const std::lock_guard lock(changing_);
  opened session;
  auto who = decided<model::member>([&](people_changes& in) -> base::result<model::member> {
    auto member = in.find_member(known.id);
    if (!member || member->password != known.password) {
      return not_known();
    }
    member->last_login_at = clock_.wall();
    in.put(*member);
    session = open_session(in, *member, from);
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
  if (!passwords_.find_match({&member->password, 1}, current))
    return base::fail_at(fault::invalid_field, "/current", "is not your password of now");
  if (auto good = check_password(wanted, member->email, company_name(member->company), "/new"); !good) return good;
  const auto hash = hash_password(wanted, member->email);
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

base::result<std::string> people_service::hash_password(std::string_view password, std::string_view email) {
  const auto all = people_.find_members(email);
  if (!all) return std::unexpected(all.error());
  return passwords_.hash(password, all->empty() ? std::string_view() : std::string_view(all->front().password));
}

base::result<std::vector<model::member>> people_service::find_all(std::string_view email) {
  return people_.find_members(email);
}

base::result<model::member> people_service::find(model::member_id id) {
  auto found = people_.find_member(id);
  if (!found) return std::unexpected(std::move(found.error()));
  if (!*found) return gone();
  return **std::move(found);
}

}  // namespace posthorn::account
