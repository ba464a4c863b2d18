// Links that work once: the first admin's, an invitation's, a password's.
#include <algorithm>

#include "account/acting_member.hpp"
#include "account/company_member.hpp"
#include "account/mail_count.hpp"
#include "account/mail_subjects.hpp"
#include "account/password_policy.hpp"
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

base::result<void> people_service::check_link(model::token_purpose purpose, std::string_view token) {
  const auto known = people_.find_token(base::sha256(token));
  if (!known) return std::unexpected(known.error());
  if (!is_open(*known, purpose, clock_.engine())) return over();
  return {};
}

base::result<entered> people_service::set_up(std::string_view token, new_member wanted, caller_address from) {
  if (auto open = check_link(model::token_purpose::setup, token); !open)
    return std::unexpected(std::move(open.error()));
  const std::string digest = base::sha256(token);
  const store::shared_directory now = directory_.current();
  const model::company_id company =
      std::ranges::min_element(now->companies, {}, [](const auto& each) { return each.first; })->first;
  auto good = check_password(wanted.password, wanted.email, company_name(company), "/password");
  if (!good) return std::unexpected(std::move(good.error()));
  std::string hash = passwords_.hash(wanted.password);
  model::member first{.company = company,
                      .email = std::move(wanted.email),
                      .name = std::move(wanted.name),
                      .role = model::member_role::admin,
                      .password = std::move(hash),
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
    session = open_session(in, first, from);
    return first;
  });
  if (!who) return std::unexpected(std::move(who.error()));
  return admit(std::move(session), *std::move(who));
}

reset_link people_service::put_reset_link(people_changes& in, model::member of, const std::string& token) const {
  in.erase_expired(clock_.engine());
  const model::one_time_token link{.token_digest = base::sha256(token),
                                   .purpose = model::token_purpose::reset,
                                   .member = of.id,
                                   .created_at = clock_.wall(),
                                   .expires_at = clock_.engine() + limits::reset_link_ms};
  in.put(link);
  return {.of = std::move(of), .token = token, .expires_at = link.expires_at};
}

base::result<std::vector<reset_link>> people_service::make_reset_links(std::string_view email, caller_address from) {
  const bool is_known = knows(email, from);
  return decided<std::vector<reset_link>>([&](people_changes& in) -> base::result<std::vector<reset_link>> {
    std::vector<reset_link> made;
    for (model::member& each : in.find_members(email)) {
      const auto before = in.latest_token(model::token_purpose::reset, each.id);
      if (before && clock_.wall() - before->created_at < limits::reset_mail_gap_ms) continue;
      if (count_mail(in, reset_subject(each.id, is_known), each.id, reset_rule, clock_.engine()) > 0) continue;
      made.push_back(put_reset_link(in, std::move(each), new_link_token()));
    }
    return made;
  });
}

base::result<entered> people_service::finish_reset(std::string_view token, std::string_view password,
                                                   caller_address from) {
  const std::string digest = base::sha256(token);
  const auto known = people_.find_token(digest);
  if (!known) return std::unexpected(known.error());
  if (!is_open(*known, model::token_purpose::reset, clock_.engine())) return over();
  const auto owner = find((*known)->member);
  if (!owner) return over();
  auto good = check_password(password, owner->email, company_name(owner->company), "/password");
  if (!good) return std::unexpected(std::move(good.error()));
  const auto hash = hash_password(password, owner->email);
  if (!hash) return std::unexpected(hash.error());
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
    session = open_session(in, *member, from);
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

base::result<entered> people_service::accept(std::string_view token, std::string name, std::string_view password,
                                             caller_address from) {
  const auto open = find_invitation(token);
  if (!open) return std::unexpected(open.error());
  auto good = check_password(password, open->email, company_name(open->company), "/password");
  if (!good) return std::unexpected(std::move(good.error()));
  const auto hash = hash_password(password, open->email);
  if (!hash) return std::unexpected(hash.error());
  store::audit_note* const note = store::acting::current();
  const std::lock_guard lock(changing_);
  opened session;
  auto who = decided<model::member>([&](people_changes& in) -> base::result<model::member> {
    auto invitation = in.find_invitation_of(base::sha256(token));
    if (!is_open(invitation, clock_.engine())) return over();
    if (find_in_company(in, invitation->company, invitation->email)) {
      return base::fail(fault::conflict, "the company has a member with this e-mail address already: log in");
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
    session = open_session(in, made, from);
    return made;
  });
  if (!who) return std::unexpected(std::move(who.error()));
  return admit(std::move(session), *std::move(who));
}

}  // namespace posthorn::account
