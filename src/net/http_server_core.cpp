#include "net/http_server_core.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "net/http_connection.hpp"

namespace posthorn::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

constexpr int sweep_ms_min = 5;
constexpr int sweep_ms_max = 500;
constexpr auto accept_pause = std::chrono::milliseconds(100);

int sweep_interval_ms(const http_server_options& options) {
  const int shortest = std::min({options.head_timeout_ms, options.body_timeout_ms, options.idle_timeout_ms,
                                 options.write_timeout_ms, options.lingering_close_timeout_ms});
  return std::clamp(shortest / 4, sweep_ms_min, sweep_ms_max);
}

// Without the sharing option the kernel says whether anybody listens on the port.
error_code port_in_use(const tcp::endpoint& endpoint, asio::io_context& io) {
  error_code failed;
  tcp::acceptor probe(io);
  probe.open(endpoint.protocol(), failed);
  if (!failed) probe.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) probe.bind(endpoint, failed);
  return failed;
}

using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

error_code open(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  error_code failed;
  acceptor.open(endpoint.protocol(), failed);
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor.set_option(reuse_port(true), failed);
  if (!failed && endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(false), failed);
  if (!failed) acceptor.bind(endpoint, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  return failed;
}

}  // namespace

http_server_core::http_server_core(http_server_options with, request_handler& to, asio::io_context& io)
    : options(std::move(with)),
      handler(to),
      io_(io),
      acceptor_(io),
      accept_pause_(io),
      sweep_timer_(io),
      sweep_ms_(sweep_interval_ms(options)) {}

base::result<void> http_server_core::listen() {
  error_code failed;
  const std::string host = options.host == "localhost" ? "127.0.0.1" : options.host;
  const tcp::endpoint endpoint(asio::ip::make_address(host, failed), options.port);
  if (failed) {
    return base::fail(base::fault::invalid_configuration, "the host to listen on is not an address: " + options.host);
  }
  if (!options.joins_port && options.port != 0) failed = port_in_use(endpoint, io_);
  if (!failed) failed = open(acceptor_, endpoint);
  if (failed) {
    error_code ignored;
    acceptor_.close(ignored);
    return base::fail(base::fault::io_error, "cannot listen on " + options.host + ":" + std::to_string(options.port) +
                                                 ": " + failed.message());
  }
  port_ = acceptor_.local_endpoint().port();
  asio::co_spawn(io_, accept_loop(shared_from_this()), asio::detached);
  return {};
}

asio::awaitable<void> http_server_core::accept_loop(std::shared_ptr<http_server_core> self) {
  while (self->acceptor_.is_open()) {
    auto [failed, socket] = co_await self->acceptor_.async_accept(no_throw);
    if (!failed) {
      self->welcome(std::move(socket));
    } else if (failed != asio::error::operation_aborted && failed != asio::error::connection_aborted) {
      // Out of descriptors or memory: the pending connection stays pending, so trying at once would spin.
      base::log_warn("accept_failed", {{"error", failed.message()}});
      self->accept_pause_.expires_after(accept_pause);
      co_await self->accept_pause_.async_wait(no_throw);
    }
  }
}

void http_server_core::welcome(tcp::socket socket) {
  if (stopping_ || connection_count_ >= options.connections_max + base::limits::server_refusals_max) return;
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  const bool over_capacity = connection_count_ >= options.connections_max && !close_idlest();
  asio::co_spawn(io_, http_connection::run(shared_from_this(), std::move(socket), over_capacity), asio::detached);
}

bool http_server_core::close_idlest() noexcept {
  server_member* idlest = nullptr;
  std::int64_t since_ms = 0;
  for (server_member& each : list_) {
    const auto idle_since_ms = each.idle_since_ms();
    if (!idle_since_ms || (idlest != nullptr && *idle_since_ms >= since_ms)) continue;
    idlest = &each;
    since_ms = *idle_since_ms;
  }
  if (idlest != nullptr) idlest->close_if_idle();
  return idlest != nullptr;
}

void http_server_core::enter(server_member& connection) {
  list_.push_back(connection);
  ++connection_count_;
  if (sweeping_) return;
  sweeping_ = true;
  read_clocks();
  asio::co_spawn(io_, sweep_loop(shared_from_this()), asio::detached);
}

void http_server_core::leave() noexcept {
  --connection_count_;
  if (stopping_) finish_stop_if_drained();
}

void http_server_core::finish_stop_if_drained() {
  if (connection_count_ != 0) return;
  sweep_timer_.cancel();
  if (on_stopped_) asio::post(io_, std::exchange(on_stopped_, nullptr));
}

asio::awaitable<void> http_server_core::sweep_loop(std::shared_ptr<http_server_core> self) {
  while (self->connection_count_ > 0) {
    self->sweep_timer_.expires_after(std::chrono::milliseconds(self->sweep_ms_));
    co_await self->sweep_timer_.async_wait(no_throw);
    self->read_clocks();
    for (server_member& connection : self->list_) connection.check_deadline(self->now_ms_);
  }
  self->sweeping_ = false;
}

void http_server_core::read_clocks() {
  now_ms_ = base::steady_us() / 1000;
  const base::epoch_ms wall_ms = base::system_clock().wall();
  if (wall_ms / 1000 == date_s_) return;
  date_s_ = wall_ms / 1000;
  standing_fields_ = "Server: Posthorn\r\nDate: " + base::to_http_date(wall_ms) + "\r\n";
}

bool http_server_core::take_body_bytes(std::size_t count) noexcept {
  if (count > options.bodies_bytes_max - body_bytes_) return false;
  body_bytes_ += count;
  return true;
}

void http_server_core::stop(std::move_only_function<void()> on_stopped) {
  if (on_stopped) on_stopped_ = std::move(on_stopped);
  stopping_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  accept_pause_.cancel();
  for (server_member& connection : list_) connection.close_if_idle();
  finish_stop_if_drained();
}

void http_server_core::abort() {
  for (server_member& connection : list_) connection.abort();
}

}  // namespace posthorn::net
