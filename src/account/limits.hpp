// Every maximum of what people may do at the console's entry, named once, unit last.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/limits.hpp"

namespace posthorn::account::login_limits {

// Wrong passwords for one account from one address: so many at once, then one each so often.
inline constexpr int failures_burst = base::limits::auth_failures_burst;
inline constexpr int failure_ms = base::limits::auth_failure_ms;
// Wrong passwords for one account from all addresses together; beyond them, addresses that the account has not been
// entered from before have to wait.
inline constexpr std::size_t account_failures_max = 100;
inline constexpr std::int64_t account_failures_window_ms = 3600LL * 1000;
// Right passwords of one account from one address: each costs as much as a wrong one, and a session.
inline constexpr int successes_burst = 30;
inline constexpr int success_ms = 20'000;
// Remembered in memory, those that were used last: accounts, and pairs of an account and an address.
inline constexpr std::size_t accounts_remembered_max = 10'000;
inline constexpr std::size_t pairs_remembered_max = 20'000;

// Addresses that a member has logged in from, kept as keyed digests.
inline constexpr std::size_t known_addresses_per_member_max = 16;
inline constexpr std::int64_t known_address_ms = 180LL * 24 * 3600 * 1000;  // after the last login from there

// Passwords that wait to be hashed, the one in hand included: of one account, from one address, and in each of the two
// lines (of known addresses, and of all others).
inline constexpr std::size_t hashes_of_account_max = base::limits::password_hashes_waiting_max;
inline constexpr std::size_t hashes_of_address_max = 16;
inline constexpr std::size_t hashes_waiting_max = 64;
static_assert(hashes_of_account_max < hashes_of_address_max && hashes_of_address_max < hashes_waiting_max);

// What a password has to have beside words that others would try first.
inline constexpr std::size_t password_own_chars_min = 6;
inline constexpr std::size_t personal_word_chars_min = 4;  // shorter words are parts of many others

}  // namespace posthorn::account::login_limits

namespace posthorn::account::mail_limits {

// Links to set a new password: asked for on the login page, from addresses that the member is known at, and as many
// from all others; the gap between two is base::limits::reset_mail_gap_ms. And made by admins.
inline constexpr int resets_a_day_max = 10;
inline constexpr int resets_by_admins_a_day_max = 20;
// Invitations that one company mails to one address.
inline constexpr int invitations_at_once_max = 2;
inline constexpr std::int64_t invitation_gap_ms = 60LL * 1000;
inline constexpr int invitations_a_day_max = 10;
// Notices that one member gets about one integration's endpoints; the gap is base::limits::notice_gap_ms.
inline constexpr int notices_a_day_max = 50;

}  // namespace posthorn::account::mail_limits
