// Failed authentications by the caller's address, so that credentials cannot be guessed at leisure:
//   - wrong credentials beyond limits::auth_failures_burst, and one each limits::auth_failure_ms, get 429 instead of
//   401;
//   - an API key that is right always passes: it has 190 random bits, and its owner may share the address with whoever
//     failed, behind a NAT;
//   - the machine admin's token, which a person may have chosen, is not even looked at while its address has to wait:
//     it gets the answer of a wrong one, and is counted as one.
// The address is the caller's as the trusted proxies tell it; of IPv6 the first 64 bits, which one subscriber holds.
#pragma once

#include <atomic>
#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <list>
#include <mutex>
#include <unordered_map>

#include "base/clock.hpp"
#include "policy/failure_limit.hpp"

namespace posthorn::api {

// The address as one subscriber holds it: of IPv6 the first 64 bits; an IPv4 address in the place of an IPv6 multicast
// prefix, which nobody calls from.
[[nodiscard]] std::uint64_t subscriber_of(const boost::asio::ip::address& from) noexcept;

// Thread-safe; a good key never comes here. Remembers limits::auth_failure_addresses_max addresses, those that failed
// last.
class failure_guard {
 public:
  explicit failure_guard(const base::clock& clock) noexcept : clock_(clock) {}

  // Notes a failure. How long to wait before the next, in ms; 0: this one was within the limit.
  [[nodiscard]] std::int64_t note(const boost::asio::ip::address& from);
  // Whether the address has to wait.
  [[nodiscard]] std::int64_t wait_ms(const boost::asio::ip::address& from);

  [[nodiscard]] std::uint64_t failures() const noexcept { return failures_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }

 private:
  struct entry {
    std::uint64_t key = 0;
    policy::failure_budget budget;
  };

  [[nodiscard]] std::int64_t note_key(std::uint64_t key);
  [[nodiscard]] std::int64_t wait_of_key(std::uint64_t key);

  const base::clock& clock_;
  std::atomic<std::uint64_t> failures_{0}, refused_{0};
  std::atomic<bool> empty_{true};
  std::mutex mutex_;  // for the rest
  std::list<entry> newest_first_;
  std::unordered_map<std::uint64_t, std::list<entry>::iterator> by_key_;
};

}  // namespace posthorn::api
