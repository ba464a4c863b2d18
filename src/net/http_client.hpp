// The sending side: one HTTP/1.1 exchange at a time on pooled keep-alive connections, with a deadline over everything
// and bounded evidence of the answer. Redirects are never followed, content codings never decoded.
// One client per io_context, used on its thread only; it takes no locks.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "net/address_guard.hpp"
#include "net/connection.hpp"
#include "net/connector.hpp"
#include "net/deadline_sweep.hpp"
#include "net/exchange.hpp"
#include "net/resolver.hpp"
#include "net/response_reader.hpp"
#include "net/route.hpp"
#include "net/tls_client.hpp"

namespace posthorn::net {

class http_client {
 public:
  // `names`, `guard` and `proxy` outlive the client; `guard` judges every address at every connect. `tls` is the
  // default identity of https routes.
  http_client(boost::asio::io_context& io, resolver& names, const address_guard& guard,
              std::shared_ptr<const tls_client_context> tls, const outbound_proxy* proxy = nullptr);
  // No exchange may be resumed afterwards: end them first, or run the io_context no more.
  ~http_client();
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  // The same route for the same arguments, while anyone holds it. Not for the hot path: open it once per endpoint.
  [[nodiscard]] std::shared_ptr<route> open_route(const origin& to,
                                                  std::shared_ptr<const tls_client_context> identity = nullptr);

  // What https routes show and trust where nothing else is given.
  [[nodiscard]] const tls_client_context& identity() const noexcept { return *tls_; }

  // Sends `request`, a complete head and body, and reads the answer. The caller keeps `to`, the buffers and what they
  // point to alive until this returns. Expected failures are in the result, never thrown.
  // A pooled connection that turns out dead before the first byte of an answer is replaced once by a new one; the
  // receiver may then see the request twice.
  [[nodiscard]] boost::asio::awaitable<exchange_result> exchange(route& to, request_buffers request,
                                                                 exchange_limits limits);

  // Also stops the timer that would keep the io_context running for as long as connections are idle.
  void close_idle();
  [[nodiscard]] std::size_t idle_connections() const noexcept { return *idle_total_; }
  [[nodiscard]] std::size_t running() const noexcept { return sweep_.running(); }
  [[nodiscard]] std::uint64_t connections_opened() const noexcept { return connections_opened_; }

 private:
  using route_key = std::tuple<origin, const tls_client_context*>;

  boost::asio::awaitable<void> converse(const std::shared_ptr<connection>& over, request_buffers request,
                                        response_reader& reader, running_exchange& run, exchange_result& result);
  std::unique_ptr<response_reader> take_reader();
  void keep_reader(std::unique_ptr<response_reader> spare);
  void arm_idle_sweep();
  void sweep_idle();

  connector connector_;
  deadline_sweep sweep_;
  const std::shared_ptr<const tls_client_context> tls_;
  const std::shared_ptr<std::size_t> idle_total_ = std::make_shared<std::size_t>(0);
  std::map<route_key, std::weak_ptr<route>> routes_;
  std::vector<std::unique_ptr<response_reader>> readers_;
  boost::asio::steady_timer idle_timer_;
  bool idle_timer_armed_ = false;
  std::shared_ptr<http_client*> alive_;  // null behind it once this is gone
  std::uint64_t connections_opened_ = 0;
};

}  // namespace posthorn::net
