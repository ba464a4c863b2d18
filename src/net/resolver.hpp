// Host names to addresses, asynchronously, with a cache (c-ares). A name that is slow to resolve holds up nobody else.
// One resolver per io_context, used on its thread only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"

namespace posthorn::net {

struct resolution {
  std::vector<boost::asio::ip::address> addresses;  // in the order to try them (RFC 6724); empty: it failed
  std::string failure;                              // for a person, e.g. "Domain name not found"
};
using shared_resolution = std::shared_ptr<const resolution>;

struct resolver_options {
  std::string servers;  // "127.0.0.1:5353,[::1]:53"; empty: those of /etc/resolv.conf, read again when it changes
  int try_timeout_ms = base::limits::dns_try_timeout_ms;
  int timeout_ms = base::limits::dns_timeout_ms_max;
};

// Answers live as long as their TTL says, within limits::dns_ttl_s_min to dns_ttl_s_max; failures for
// limits::dns_negative_ttl_s. Concurrent questions for one name share one look-up. /etc/hosts comes first.
// Names are taken as complete: the search list of resolv.conf is not used.
class resolver {
 public:
  resolver(boost::asio::io_context& io, resolver_options options);
  // Look-ups under way end with a failure; their callers resume when the io_context runs on.
  ~resolver();
  resolver(const resolver&) = delete;
  resolver& operator=(const resolver&) = delete;

  // Never null. A numeric address is answered as itself. `wait` belongs to the caller and is this call's alone until it
  // returns: cancelling it ends the wait with the failure "cancelled", while the look-up goes on for the cache.
  // Fails within timeout_ms.
  [[nodiscard]] boost::asio::awaitable<shared_resolution> resolve(std::string_view host,
                                                                  boost::asio::steady_timer& wait);

  // Questions sent to c-ares since the start.
  [[nodiscard]] std::uint64_t lookups() const noexcept;

 private:
  class state;
  std::unique_ptr<state> state_;
};

}  // namespace posthorn::net
