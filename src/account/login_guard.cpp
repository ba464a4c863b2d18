#include "account/login_guard.hpp"

#include <algorithm>
#include <string>

#include "base/digest.hpp"

namespace posthorn::account {
namespace {

constexpr policy::failure_rule pair_rule{.burst = login_limits::failures_burst,
                                         .one_more_ms = login_limits::failure_ms};
constexpr policy::failure_rule success_rule{.burst = login_limits::successes_burst,
                                            .one_more_ms = login_limits::success_ms};
constexpr policy::window_rule account_rule{.failures_max = login_limits::account_failures_max,
                                           .window_ms = login_limits::account_failures_window_ms};

std::uint64_t first_bytes(std::string_view digest) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < 8; ++i) key = key << 8 | static_cast<unsigned char>(digest[i]);
  return key;
}

std::uint64_t pair_key(const password_try& of) {
  std::string both;
  for (const std::uint64_t part : {of.account, of.address}) {
    for (int shift = 0; shift < 64; shift += 8) both += static_cast<char>(part >> shift & 0xff);
  }
  return first_bytes(base::sha256(both));
}

}  // namespace

std::uint64_t account_key(password_use use, std::string_view name) {
  std::string text(use == password_use::login ? "login\n" : "change\n");
  for (const char c : name) text += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c;
  return first_bytes(base::sha256(text));
}

std::int64_t login_guard::wait_ms(const password_try& of) {
  const base::epoch_ms now = clock_.engine();
  const std::lock_guard lock(mutex_);
  std::int64_t wait = 0;
  if (const auto* pair = pairs_.find(pair_key(of))) {
    wait = std::max(policy::failure_wait_ms(pair_rule, pair->failures, now),
                    policy::failure_wait_ms(success_rule, pair->successes, now));
  }
  const auto* account = of.is_known ? nullptr : accounts_.find(of.account);
  if (account != nullptr) wait = std::max(wait, account->wait_ms(account_rule, now));
  if (wait > 0) refused_.fetch_add(1, std::memory_order_relaxed);
  return wait;
}

void login_guard::note_failure(const password_try& of) {
  const base::epoch_ms now = clock_.engine();
  const std::lock_guard lock(mutex_);
  policy::failure_budget& failures = pairs_.use(pair_key(of)).failures;
  failures = policy::after_failure(pair_rule, failures, now);
  accounts_.use(of.account).add(account_rule, now);
}

void login_guard::note_success(const password_try& of) {
  const base::epoch_ms now = clock_.engine();
  const std::lock_guard lock(mutex_);
  policy::failure_budget& successes = pairs_.use(pair_key(of)).successes;
  successes = policy::after_failure(success_rule, successes, now);
}

}  // namespace posthorn::account
