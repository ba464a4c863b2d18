// What a caller may reach: an API key its own integration, the machine admin every one that it names, a member those of
// its company.
#pragma once

#include <cstddef>
#include <string_view>

#include "account/authenticator.hpp"
#include "base/result.hpp"
#include "store/directory.hpp"

namespace posthorn::account {

// The integration that a call is about; `named` is the integration_id in the call, "" if it names none.
// unauthenticated: nobody. forbidden: a key that names another integration than its own. missing_field: an admin or
// member that names none. not_found: one that does not exist, or, told alike, is of another company than the member.
[[nodiscard]] base::result<store::shared_integration> reach(const caller& who, std::string_view named,
                                                            const store::directory_source& directory);

// Whether `who`, told by its credentials some time ago, may still see `integration`: the key has not been rotated out,
// the member's session goes on, the integration exists. For answers that take long. Any thread.
[[nodiscard]] bool may_still_see(const caller& who, model::integration_no integration,
                                 const store::directory_source& directory, const live_sessions& sessions,
                                 const base::clock& clock);

// Of an API key: its time, wall time, is over at `now`; 0 never ends.
[[nodiscard]] bool has_expired(base::epoch_ms expires_at, base::epoch_ms now) noexcept;

// A member sees nothing of another company.
[[nodiscard]] bool may_see(const caller& who, model::company_id company) noexcept;

// A member whose role is viewer: changes nothing, and is shown nothing by which one acts as another, or takes a
// person's data away.
[[nodiscard]] bool is_viewer(const caller& who) noexcept;

// The first start's machine-admin token: "ph_admin_" and 40 random characters.
[[nodiscard]] std::string new_admin_token();
// A token that a person chooses has at least so many characters. Stores of earlier releases may have a shorter one, of
// limits::admin_token_chars_min or more, which works on for one release.
inline constexpr std::size_t admin_token_chars_min = 32;
// Whether it is 8 to 256 visible ASCII characters, as every token of every release is.
[[nodiscard]] bool is_admin_token(std::string_view text) noexcept;

}  // namespace posthorn::account
