// A company's people: members and invitations, as an admin of it or the machine admin handles them.
#include <fmt/format.h>

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
using model::member_role;
using store::people_changes;

namespace {

base::result<model::member> member_of(people_changes& in, model::company_id company, model::member_id id) {
  auto member = in.find_member(id);
  if (member && member->company == company) return *std::move(member);
  return base::fail(fault::not_found, "there is no such member");
}

base::result<model::invitation> invitation_of(people_changes& in, model::company_id company, model::invitation_id id) {
  auto invitation = in.find_invitation(id);
  if (invitation && invitation->company == company) return *std::move(invitation);
  return base::fail(fault::not_found, "there is no such invitation");
}

base::result<void> check_an_admin_stays(people_changes& in, const model::member& goes) {
  const auto all = in.members_of(goes.company);
  const auto is_other_admin = [&](const model::member& each) {
    return each.role == member_role::admin && each.id != goes.id;
  };
  if (goes.role != member_role::admin || std::ranges::any_of(all, is_other_admin)) return {};
  return base::fail(fault::not_acceptable_now, "this is the company's last admin: make another member an admin first");
}

std::unexpected<base::error> too_many(const char* detail, std::int64_t wait_ms) {
  return base::fail_later(fault::too_many_requests, detail, static_cast<int>((wait_ms + 999) / 1000));
}

void erase_sessions(people_changes& in, model::member_id of) {
  for (const auto& each : in.sessions_of(of)) in.erase_session(each.token_digest);
}

}  // namespace

base::result<std::vector<model::member>> people_service::members_of(model::company_id company) {
  return people_.members_of(company);
}

base::result<model::member> people_service::add_admin(model::company_id company, new_member wanted) {
  if (!directory_.current()->companies.contains(company)) {
    return base::fail_at(fault::invalid_field, "/company", "there is no such company");
  }
  auto good = check_password(wanted.password, wanted.email, company_name(company), "/password");
  if (!good) return std::unexpected(std::move(good.error()));
  auto hash = hash_password(wanted.password, wanted.email);
  if (!hash) return std::unexpected(std::move(hash.error()));
  act_in(store::acting::current(), company);
  return decided<model::member>([&](people_changes& in) -> base::result<model::member> {
    if (find_in_company(in, company, wanted.email)) {
      return base::fail(fault::conflict, fmt::format("{} is a member already", wanted.email));
    }
    if (in.members_of(company).size() >= limits::members_per_company_max) {
      return base::fail(fault::conflict, "the company has as many members as it may");
    }
    model::member made{.company = company,
                       .email = std::move(wanted.email),
                       .name = std::move(wanted.name),
                       .role = member_role::admin,
                       .password = *std::move(hash),
                       .created_at = clock_.wall()};
    in.put(made);
    return made;
  });
}

base::result<model::member> people_service::change_role(model::company_id company, model::member_id id,
                                                        member_role wanted) {
  act_in(store::acting::current(), company);
  const std::lock_guard lock(changing_);
  bool ends = false;
  auto changed = decided<model::member>([&](people_changes& in) -> base::result<model::member> {
    auto member = member_of(in, company, id);
    if (!member || member->role == wanted) return member;
    if (auto may = check_an_admin_stays(in, *member); !may) return std::unexpected(std::move(may.error()));
    member->role = wanted;
    in.put(*member);
    erase_sessions(in, id);
    ends = true;
    return member;
  });
  if (changed && ends) live_.end_all(id);
  return changed;
}

base::result<void> people_service::remove(model::company_id company, model::member_id id) {
  act_in(store::acting::current(), company);
  const std::lock_guard lock(changing_);
  std::vector<model::known_address> known;
  auto done = people_.change_people([&](people_changes& in) -> base::result<void> {
    const auto member = member_of(in, company, id);
    if (!member) return std::unexpected(member.error());
    if (auto may = check_an_admin_stays(in, *member); !may) return may;
    known = in.known_addresses_of(id);
    in.erase_member(id);
    return {};
  });
  if (!done) return done;
  live_.end_all(id);
  for (const model::known_address& each : known) addresses_.erase(each.digest);
  return done;
}

base::result<void> people_service::end_sessions(model::company_id company, model::member_id id) {
  act_in(store::acting::current(), company);
  const std::lock_guard lock(changing_);
  auto done = people_.change_people([&](people_changes& in) -> base::result<void> {
    const auto member = member_of(in, company, id);
    if (!member) return std::unexpected(member.error());
    erase_sessions(in, id);
    return {};
  });
  if (done) live_.end_all(id);
  return done;
}

base::result<reset_link> people_service::make_reset_link(model::company_id company, model::member_id id) {
  act_in(store::acting::current(), company);
  const std::string token = new_link_token();
  return decided<reset_link>([&](people_changes& in) -> base::result<reset_link> {
    auto member = member_of(in, company, id);
    if (!member) return std::unexpected(std::move(member.error()));
    const std::int64_t wait = count_mail(in, reset_by_admin_subject(id), id, reset_by_admin_rule, clock_.engine());
    if (wait > 0) return too_many("this member has had as many links as a day has", wait);
    return put_reset_link(in, *std::move(member), token);
  });
}

base::result<void> people_service::count_invitation(people_changes& in, const model::invitation& of) const {
  in.erase_expired(clock_.engine());
  const std::string subject = invitation_subject(of.company, addresses_.digest_of(of.email, 0));
  const std::int64_t wait = count_mail(in, subject, 0, invitation_rule, clock_.engine());
  if (wait > 0) return too_many("this address was mailed to a moment ago, or often enough today", wait);
  return {};
}

base::result<std::vector<model::invitation>> people_service::invitations_of(model::company_id company) {
  return people_.invitations_of(company);
}

base::result<invited> people_service::invite(model::company_id company, std::string email, member_role role,
                                             model::member_id by, handing_over how) {
  act_in(store::acting::current(), company);
  const std::string token = new_link_token();
  return decided<invited>([&](people_changes& in) -> base::result<invited> {
    if (find_in_company(in, company, email)) {
      return base::fail_at(fault::conflict, "/email", "there is a member with this e-mail address already");
    }
    const auto same = [](char a, char b) { return std::tolower(a) == std::tolower(b); };
    const auto all = in.invitations_of(company);
    std::vector<model::invitation_id> over;
    for (const model::invitation& each : all) {
      if (!std::ranges::equal(each.email, email, same)) continue;
      if (each.accepted_at == 0 && each.expires_at > clock_.engine()) {
        return base::fail_at(fault::conflict, "/email", "is invited already: send that invitation again");
      }
      over.push_back(each.id);
    }
    if (all.size() - over.size() >= limits::invitations_per_company_max) {
      return base::fail(fault::conflict, "there are as many invitations as there may be: delete old ones");
    }
    invited made{.value = {.company = company,
                           .email = std::move(email),
                           .role = role,
                           .invited_by = by,
                           .token_digest = base::sha256(token),
                           .created_at = clock_.wall(),
                           .expires_at = clock_.engine() + limits::invitation_ms},
                 .token = token};
    if (how == handing_over::by_mail) {
      if (auto counted = count_invitation(in, made.value); !counted) return std::unexpected(std::move(counted.error()));
    }
    in.put(made.value);
    for (const model::invitation_id each : over) in.erase_invitation(each);
    return made;
  });
}

base::result<invited> people_service::resend(model::company_id company, model::invitation_id id, handing_over how) {
  act_in(store::acting::current(), company);
  const std::string token = new_link_token();
  return decided<invited>([&](people_changes& in) -> base::result<invited> {
    auto invitation = invitation_of(in, company, id);
    if (!invitation) return std::unexpected(std::move(invitation.error()));
    if (invitation->accepted_at != 0) {
      return base::fail(fault::not_acceptable_now, "this invitation has been accepted");
    }
    if (how == handing_over::by_mail) {
      if (auto counted = count_invitation(in, *invitation); !counted)
        return std::unexpected(std::move(counted.error()));
    }
    invitation->token_digest = base::sha256(token);
    invitation->expires_at = clock_.engine() + limits::invitation_ms;
    invitation->mailed = false;
    in.put(*invitation);
    return invited{*std::move(invitation), token};
  });
}

base::result<void> people_service::note_mailed(const model::invitation& of) {
  return people_.change_people([&](people_changes& in) -> base::result<void> {
    auto now = in.find_invitation(of.id);
    if (!now || now->token_digest != of.token_digest) return {};
    now->mailed = true;
    in.put(*now);
    return {};
  });
}

base::result<void> people_service::withdraw(model::company_id company, model::invitation_id id) {
  act_in(store::acting::current(), company);
  return people_.change_people([&](people_changes& in) -> base::result<void> {
    const auto invitation = invitation_of(in, company, id);
    if (!invitation) return std::unexpected(invitation.error());
    in.erase_invitation(id);
    return {};
  });
}

}  // namespace posthorn::account
