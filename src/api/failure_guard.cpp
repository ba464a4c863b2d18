#include "api/failure_guard.hpp"

#include "base/limits.hpp"
#include "net/trusted_proxies.hpp"

namespace posthorn::api {
namespace {

namespace limits = base::limits;

constexpr policy::failure_rule rule{.burst = limits::auth_failures_burst, .one_more_ms = limits::auth_failure_ms};

}  // namespace

std::uint64_t subscriber_of(const boost::asio::ip::address& from) noexcept {
  const auto plain = net::without_mapping(from);
  if (plain.is_v4()) return 0xffff'0000'0000'0000ULL | plain.to_v4().to_uint();
  std::uint64_t prefix = 0;
  const auto bytes = plain.to_v6().to_bytes();
  for (std::size_t i = 0; i < 8; ++i) prefix = prefix << 8 | bytes[i];
  return prefix;
}

std::int64_t failure_guard::note_key(std::uint64_t key) {
  const base::epoch_ms now = clock_.engine();
  failures_.fetch_add(1, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  const auto known = by_key_.find(key);
  if (known != by_key_.end()) {
    newest_first_.splice(newest_first_.begin(), newest_first_, known->second);
  } else {
    newest_first_.push_front({key, {}});
    by_key_[key] = newest_first_.begin();
    empty_.store(false, std::memory_order_release);
  }
  policy::failure_budget& budget = newest_first_.front().budget;
  const std::int64_t wait = policy::failure_wait_ms(rule, budget, now);
  budget = policy::after_failure(rule, budget, now);
  if (wait > 0) refused_.fetch_add(1, std::memory_order_relaxed);
  if (by_key_.size() > limits::auth_failure_addresses_max) {
    by_key_.erase(newest_first_.back().key);
    newest_first_.pop_back();
  }
  return wait;
}

std::int64_t failure_guard::wait_of_key(std::uint64_t key) {
  if (empty_.load(std::memory_order_acquire)) return 0;
  const std::lock_guard lock(mutex_);
  const auto known = by_key_.find(key);
  return known == by_key_.end() ? 0 : policy::failure_wait_ms(rule, known->second->budget, clock_.engine());
}

std::int64_t failure_guard::note(const boost::asio::ip::address& from) { return note_key(subscriber_of(from)); }
std::int64_t failure_guard::wait_ms(const boost::asio::ip::address& from) { return wait_of_key(subscriber_of(from)); }

}  // namespace posthorn::api
