// Links that work once: the first admin's, an invitation's, a password's.
#include <algorithm>

#include "account/acting_member.hpp"
#include "account/people_service.hpp"
#include "base/digest.hpp"
#include "base/limits.hpp"

namespace posthorn::account {

namespace limits = base::limits;
using base::fault;
using store::people_changes;

namespace {

std::unexpected<base::error> over() {
  return base::fail(fault::link_over,
                    "this link has been used, is over, or was replaced by a newer one: ask for another");
}

bool is_open(const std::optional<model::one_time_token>& token, model::token_purpose purpose, base::epoch_ms now) {
  return token && token->purpose == purpose && token->expires_at > now;
}

bool is_open(const std::optional<model::invitation>& invitation, base::epoch_ms now) {
  return invitation && invitation->accepted_at == 0 && invitation->expires_at > now;
}

}  // namespace

base::result<std::string> people_service::make_setup_link() {
  const std::string token = new_link_token();
  return decided<std::string>([&](people_changes& in) -> base::result<std::string> {
    if (in.has_members() || in.latest_token(model::token_purpose::setup, 0)) return std::string();
    in.put(model::one_time_token{.token_digest = base::sha256(token),
                                 .purpose = model::token_purpose::setup,
                                 .member = 0,
                                 .created_at = clock_.wall(),
                                 .expires_at = clock_.engine() + limits::setup_link_ms});
    return token;
  });
}

base::result<entered> people_service::set_up(std::string_view token, new_member wanted) {
  const std::string digest = base::sha256(token);
  const auto known = people_.find_token(digest);
  if (!known) return std::unexpected(known.error());
  if (!is_open(*known, model::token_purpose::setup, clock_.engine())) return over();
  auto hash = passwords_.hash(wanted.password);
  if (!hash) return std::unexpected(std::move(hash.error()));
  const store::shared_directory now = directory_.current();
  model::member first{
      .company = std::ranges::min_element(now->companies, {}, [](const auto& each) { return each.first; })->first,
      .email = std::move(wanted.email),
      .name = std::move(wanted.name),
      .role = model::member_role::admin,
      .password = *std::move(hash),
      .created_at = clock_.wall(),
      .last_login_at = clock_.wall()};
  store::audit_note* const note = store::acting::current();
  const std::lock_guard lock(changing_);
  opened session;
  auto who = decided<model::member>([&](people_changes& in) -> base::result<model::member> {
    if (in.has_members() || !is_open(in.find_token(digest), model::token_purpose::setup, clock_.engine())) {
      return over();
    }
    in.put(first);
    act_as(note, first);
    session = open_session(in, first);
    return first;
  });
  if (!who) return std::unexpected(std::move(who.error()));
  return admit(std::move(session), *std::move(who));
}

base::result<std::optional<reset_link>> people_service::make_reset_link(std::string_view email) {
  const std::string token = new_link_token();
  return decided<std::optional<reset_link>>([&](people_changes& in) -> base::result<std::optional<reset_link>> {
    const auto member = in.find_member(email);
    if (!member) return std::nullopt;
    const auto before = in.latest_token(model::token_purpose::reset, member->id);
    if (before && clock_.wall() - before->created_at < limits::reset_mail_gap_ms) return std::nullopt;
    in.erase_tokens(model::token_purpose::reset, member->id);
    in.put(model::one_time_token{.token_digest = base::sha256(token),
                                 .purpose = model::token_purpose::reset,
                                 .member = member->id,
                                 .created_at = clock_.wall(),
                                 .expires_at = clock_.engine() + limits::reset_link_ms});
    return reset_link{*member, token};
  });
}

base::result<entered> people_service::finish_reset(std::string_view token, std::string_view password) {
  const std::string digest = base::sha256(token);
  const auto known = people_.find_token(digest);
  if (!known) return std::unexpected(known.error());
  if (!is_open(*known, model::token_purpose::reset, clock_.engine())) return over();
  const auto hash = passwords_.hash(password);
  if (!hash) return std::unexpected(hash.error());
  const auto owner = find((*known)->member);
  if (!owner) return over();
  act_as(store::acting::current(), *owner);
  const std::lock_guard lock(changing_);
  opened session;
  auto who = decided<model::member>([&](people_changes& in) -> base::result<model::member> {
    if (!is_open(in.find_token(digest), model::token_purpose::reset, clock_.engine())) return over();
    auto member = in.find_member(owner->id);
    if (!member) return over();
    member->password = *hash;
    member->last_login_at = clock_.wall();
    in.put(*member);
    in.erase_tokens(model::token_purpose::reset, member->id);
    for (const auto& each : in.sessions_of(member->id)) in.erase_session(each.token_digest);
    session = open_session(in, *member);
    return *member;
  });
  if (!who) return std::unexpected(std::move(who.error()));
  live_.end_all(who->id);
  return admit(std::move(session), *std::move(who));
}

base::result<model::invitation> people_service::find_invitation(std::string_view token) {
  auto found = people_.find_invitation_of(base::sha256(token));
  if (!found) return std::unexpected(std::move(found.error()));
  if (!is_open(*found, clock_.engine())) return over();
  return **std::move(found);
}

base::result<entered> people_service::accept(std::string_view token, std::string name, std::string_view password) {
  if (auto open = find_invitation(token); !open) return std::unexpected(std::move(open.error()));
  const auto hash = passwords_.hash(password);
  if (!hash) return std::unexpected(hash.error());
  store::audit_note* const note = store::acting::current();
  const std::lock_guard lock(changing_);
  opened session;
  auto who = decided<model::member>([&](people_changes& in) -> base::result<model::member> {
    auto invitation = in.find_invitation_of(base::sha256(token));
    if (!is_open(invitation, clock_.engine())) return over();
    if (in.find_member(invitation->email)) {
      return base::fail(fault::conflict, "there is a member with this e-mail address already: log in");
    }
    if (in.members_of(invitation->company).size() >= limits::members_per_company_max) {
      return base::fail(fault::conflict, "the company has as many members as it may");
    }
    model::member made{.company = invitation->company,
                       .email = invitation->email,
                       .name = std::move(name),
                       .role = invitation->role,
                       .password = *hash,
                       .created_at = clock_.wall(),
                       .last_login_at = clock_.wall()};
    in.put(made);
    act_as(note, made);
    invitation->accepted_at = clock_.wall();
    in.put(*invitation);
    session = open_session(in, made);
    return made;
  });
  if (!who) return std::unexpected(std::move(who.error()));
  return admit(std::move(session), *std::move(who));
}

}  // namespace posthorn::account
