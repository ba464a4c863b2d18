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

bool may_see(const caller& who, model::company_id company) noexcept {
  return who.kind != caller_kind::member || who.member.company == company;
}

std::string new_admin_token() { return "ph_admin_" + base::random_text(40); }

bool is_admin_token(std::string_view text) noexcept {
  return text.size() >= limits::admin_token_chars_min && text.size() <= limits::admin_token_chars_max &&
         std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace posthorn::account
