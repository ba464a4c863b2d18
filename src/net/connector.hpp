// Opens connections for http_client: resolve, vet, connect, shake hands. Single-threaded.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <vector>

#include "net/address_guard.hpp"
#include "net/connection.hpp"
#include "net/deadline_sweep.hpp"
#include "net/exchange.hpp"
#include "net/outbound_proxy.hpp"
#include "net/resolver.hpp"
#include "net/route.hpp"

namespace posthorn::net {

class connector {
 public:
  // All of them outlive it. `proxy` null: straight to the receiver.
  connector(boost::asio::io_context& io, resolver& names, const address_guard& guard, const outbound_proxy* proxy)
      : io_(io), names_(names), guard_(guard), proxy_(proxy) {}

  // A connection to one of the vetted addresses of `to`, or null with the failure in `result`. Addresses are tried in
  // the resolver's order; while others are left, each gets its share of what remains until the deadline.
  [[nodiscard]] boost::asio::awaitable<std::shared_ptr<connection>> connect(route& to, running_exchange& run,
                                                                            exchange_result& result);

 private:
  using addresses = std::vector<boost::asio::ip::address>;

  // Of a name; empty with the failure in `result`.
  boost::asio::awaitable<addresses> resolve(const std::string& host, running_exchange& run, exchange_result& result);
  // Empty with the failure in `result`.
  boost::asio::awaitable<addresses> vetted_addresses(const route& to, running_exchange& run, exchange_result& result);
  // Asks the proxy at the other end of `over` for `to`; false with the failure in `result`.
  boost::asio::awaitable<bool> tunnel(connection& over, const boost::asio::ip::tcp::endpoint& to,
                                      exchange_result& result);
  boost::asio::awaitable<bool> shake_hands(route& to, connection& over, running_exchange& run, exchange_result& result);

  boost::asio::io_context& io_;
  resolver& names_;
  const address_guard& guard_;
  const outbound_proxy* const proxy_;
};

}  // namespace posthorn::net
