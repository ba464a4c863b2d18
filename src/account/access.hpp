// What a caller may reach: an API key its own integration, the machine admin every one that it names.
#pragma once

#include <string_view>

#include "account/authenticator.hpp"
#include "base/result.hpp"
#include "store/directory.hpp"

namespace posthorn::account {

// The integration that a call is about; `named` is the integration_id in the call, "" if it names none.
// unauthenticated: nobody. forbidden: a key that names another integration than its own. invalid_field: an admin that
// names none. not_found: an admin that names one that does not exist.
[[nodiscard]] base::result<store::shared_integration> reach(const caller& who, std::string_view named,
                                                            const store::directory_source& directory);

// The first start's machine-admin token: "ph_admin_" and 40 random characters.
[[nodiscard]] std::string new_admin_token();
// What POSTHORN_ADMIN_TOKEN must be: limits::admin_token_chars_min to _max visible ASCII characters.
[[nodiscard]] bool is_admin_token(std::string_view text) noexcept;

}  // namespace posthorn::account
