// How often a password may be tried:
//   - wrong ones are counted by account and address, so that nobody locks others out from elsewhere: beyond
//     login_limits::failures_burst, one more each login_limits::failure_ms;
//   - beside that, by account over all addresses: beyond login_limits::account_failures_max within an hour, only
//     addresses that the account has not been entered from before wait;
//   - right ones are counted by account and address, like wrong ones: one address may be a member of several companies.
// An account that nobody has is counted like any other: whether it exists does not show.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string_view>

#include "account/limits.hpp"
#include "account/recent_entries.hpp"
#include "base/clock.hpp"
#include "policy/failure_limit.hpp"
#include "policy/failure_window.hpp"

namespace posthorn::account {

// What is tried is part of the account: a login that names a member's id is no try at that member's own password.
enum class password_use : std::uint8_t { login, change };

// Of a digest that nobody can aim with: two accounts of one key would wait for each other. `name`: an e-mail address,
// whatever its case, or a member's id.
[[nodiscard]] std::uint64_t account_key(password_use use, std::string_view name);

struct password_try {
  std::uint64_t account = 0;  // account_key
  std::uint64_t address = 0;  // the caller's, as one subscriber holds it
  bool is_known = false;      // the account has been entered from this address before
};

// Thread-safe.
class login_guard {
 public:
  explicit login_guard(const base::clock& clock) noexcept : clock_(clock) {}

  // How long the caller has to wait before this try, in ms; 0: not at all.
  [[nodiscard]] std::int64_t wait_ms(const password_try& of);
  void note_failure(const password_try& of);
  void note_success(const password_try& of);

  // Tries that were told to wait.
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }

 private:
  struct pair_record {
    policy::failure_budget failures;
    policy::failure_budget successes;
  };

  const base::clock& clock_;
  std::atomic<std::uint64_t> refused_{0};
  std::mutex mutex_;  // for the rest
  recent_entries<policy::failure_window> accounts_{login_limits::accounts_remembered_max};
  recent_entries<pair_record> pairs_{login_limits::pairs_remembered_max};
};

}  // namespace posthorn::account
