// Where exchanges go: an origin with its idle connections, prepared once, so that the hot path looks nothing up.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "net/connection.hpp"
#include "net/exchange.hpp"
#include "net/tls_client.hpp"

namespace posthorn::net {

// Made by http_client::open_route and shared by all who ask for the same origin and identity. Whoever holds it keeps
// its idle connections open. Single-threaded; only http_client calls what is not const.
class route {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  // `idle_total` counts the idle connections of all routes of one client.
  route(origin to, std::shared_ptr<const tls_client_context> identity, std::shared_ptr<std::size_t> idle_total);
  ~route();
  route(const route&) = delete;
  route& operator=(const route&) = delete;

  [[nodiscard]] const origin& target() const noexcept { return target_; }
  [[nodiscard]] const std::optional<boost::asio::ip::address>& literal() const noexcept { return literal_; }
  [[nodiscard]] const tls_client_context* identity() const noexcept { return identity_.get(); }
  [[nodiscard]] const std::shared_ptr<tls_ticket>& ticket() const noexcept { return ticket_; }

  // The connection used last that still looks usable; null if there is none.
  [[nodiscard]] std::shared_ptr<connection> take_idle();
  void put_idle(std::shared_ptr<connection> idle);
  void close_idle_since(time_point oldest_kept);
  [[nodiscard]] std::size_t idle() const noexcept { return idle_.size(); }

  // The address that took the last connection, tried first at the next one.
  std::optional<boost::asio::ip::address> last_good;

 private:
  const origin target_;
  const std::optional<boost::asio::ip::address> literal_;  // set if the host is an address
  const std::shared_ptr<const tls_client_context> identity_;
  const std::shared_ptr<tls_ticket> ticket_ = std::make_shared<tls_ticket>();
  const std::shared_ptr<std::size_t> idle_total_;
  std::vector<std::shared_ptr<connection>> idle_;  // least recently used first
};

}  // namespace posthorn::net
