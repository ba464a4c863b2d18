#include "account/access.hpp"

#include <algorithm>
#include <string>

#include "base/limits.hpp"
#include "base/random.hpp"

namespace posthorn::account {

using base::fault;
namespace limits = base::limits;

base::result<store::shared_integration> reach(const caller& who, std::string_view named,
                                              const store::directory_source& directory) {
  switch (who.kind) {
    case caller_kind::nobody: break;
    case caller_kind::integration:
      if (named.empty() || named == who.integration->value.integration_id) return who.integration;
      return base::fail(fault::forbidden, "this API key belongs to another integration than the one named");
    case caller_kind::admin:
    case caller_kind::member: {
      if (named.empty()) {
        return base::fail_at(fault::missing_field, "/integration_id",
                             "is required beside an API key: say which integration the call is about");
      }
      const store::shared_directory now = directory.current();
      const auto number = now->by_integration_id.find(std::string(named));
      const bool exists = number != now->by_integration_id.end();
      if (exists && may_see(who, now->integrations.at(number->second)->value.company)) {
        return now->integrations.at(number->second);
      }
      return base::fail(fault::not_found, "there is no integration " + std::string(named.substr(0, 40)));
    }
  }
  return base::fail(fault::unauthenticated, "send the API key in the header api-key, or as Authorization: Bearer KEY");
}

bool may_still_see(const caller& who, model::integration_no integration, const store::directory_source& directory,
                   const live_sessions& sessions, const base::clock& clock) {
  const store::shared_directory now = directory.current();
  const auto entry = now->integrations.find(integration);
  if (entry == now->integrations.end()) return false;
  switch (who.kind) {
    case caller_kind::nobody: return false;
    case caller_kind::admin: return true;
    case caller_kind::member: return sessions.find(who.member.session_digest, clock.engine()).has_value();
    case caller_kind::integration:
      return std::ranges::any_of(entry->second->keys, [&](const model::api_key& each) {
        return each.id == who.key && !has_expired(each.expires_at, clock.wall());
      });
  }
  return false;
}

bool has_expired(base::epoch_ms expires_at, base::epoch_ms now) noexcept {
  return expires_at != 0 && expires_at <= now;
}

bool may_see(const caller& who, model::company_id company) noexcept {
  return who.kind != caller_kind::member || who.member.company == company;
}

bool is_viewer(const caller& who) noexcept {
  return who.kind == caller_kind::member && who.member.role == model::member_role::viewer;
}

std::string new_admin_token() { return "ph_admin_" + base::random_text(40); }

bool is_admin_token(std::string_view text) noexcept {
  return text.size() >= limits::admin_token_chars_min && text.size() <= limits::admin_token_chars_max &&
         std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace posthorn::account
