#include "net/connector.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <utility>

#include "base/log.hpp"

namespace posthorn::net {
namespace {

namespace asio = boost::asio;
namespace ip = boost::asio::ip;
using steady = std::chrono::steady_clock;

void fail(exchange_result& result, exchange_error error, std::string detail) {
  result.error = error;
  result.detail = std::move(detail);
}

std::string peer_text(const ip::address& address, std::uint16_t port) {
  return address.is_v6() ? fmt::format("[{}]:{}", address.to_string(), port)
                         : fmt::format("{}:{}", address.to_string(), port);
}

// A private address behind a name says how the operator's own network is made: it is for the server's log alone. What
// the customer has written, and what everybody can resolve, is told.
bool is_told(const ip::address& address, const route& to) {
  static const address_guard without_exceptions;
  return to.literal().has_value() || !without_exceptions.refusal(address).has_value();
}

std::string connect_failure(const boost::system::error_code& error, const std::string& peer) {
  if (error == asio::error::connection_refused) return "connection refused by " + peer;
  return fmt::format("no connection to {}: {}", peer, error.message());
}

// The address's share of the time that is left, so that one black hole does not use it all up.
steady::time_point share_of(steady::time_point deadline, std::size_t addresses_left) {
  if (addresses_left <= 1) return steady::time_point::max();
  const auto now = steady::now();
  const auto share = (deadline - now) / static_cast<std::int64_t>(addresses_left);
  return now + std::max<steady::duration>(share, std::chrono::milliseconds(base::limits::connect_try_ms_min));
}

void name_peer(connection& made, const route& to, const ip::address& address,
               const std::optional<ip::tcp::endpoint>& proxy_at) {
  const std::uint16_t port = to.target().port;
  const bool told = is_told(address, to);
  made.peer = told ? peer_text(address, port) : fmt::format("{}:{}", to.target().host, port);
  if (!told || proxy_at) made.hidden_peer = peer_text(address, port);
  if (!proxy_at) return;
  made.peer += " by the proxy";
  made.hidden_peer += " by the proxy " + peer_text(proxy_at->address(), proxy_at->port());
}

}  // namespace

asio::awaitable<connector::addresses> connector::resolve(const std::string& host, running_exchange& run,
                                                         exchange_result& result) {
  boost::system::error_code no_literal;
  if (const ip::address literal = ip::make_address(host, no_literal); !no_literal) co_return addresses{literal};
  asio::steady_timer wait(io_);
  run.wait = &wait;
  const shared_resolution resolved = co_await names_.resolve(host, wait);
  run.wait = nullptr;
  if (run.overdue) {
    fail(result, exchange_error::timeout, "timeout while resolving " + host);
    co_return addresses{};
  }
  result.timing.dns_us = run.elapsed_us();
  if (resolved->addresses.empty()) {
    fail(result, exchange_error::dns, fmt::format("{} does not resolve: {}", host, resolved->failure));
  }
  co_return resolved->addresses;
}

asio::awaitable<connector::addresses> connector::vetted_addresses(const route& to, running_exchange& run,
                                                                  exchange_result& result) {
  addresses found;
  if (to.literal()) {
    found.push_back(*to.literal());
  } else {
    found = co_await resolve(to.target().host, run, result);
    if (found.empty()) co_return found;
  }
  std::string refused;
  std::erase_if(found, [this, &refused](const ip::address& address) {
    const auto reason = guard_.refusal(address);
    if (reason && refused.empty()) refused = fmt::format("{} may not be reached: {}", address.to_string(), *reason);
    return reason.has_value();
  });
  if (found.empty() && !to.literal()) {
    base::log_info("address_refused", {{"host", to.target().host}, {"detail", refused}});
    refused = fmt::format("{} leads to no address that may be reached", to.target().host);
  }
  if (found.empty()) fail(result, exchange_error::address_refused, std::move(refused));
  if (const auto good = to.last_good ? std::ranges::find(found, *to.last_good) : found.end(); good != found.end()) {
    std::rotate(found.begin(), good, good + 1);
  }
  co_return found;
}

asio::awaitable<std::shared_ptr<connection>> connector::connect(route& to, running_exchange& run,
                                                                exchange_result& result) {
  const addresses found = co_await vetted_addresses(to, run, result);
  if (found.empty()) co_return nullptr;
  std::optional<ip::tcp::endpoint> proxy_at;
  if (proxy_ != nullptr) {
    const addresses of_proxy = co_await resolve(proxy_->host, run, result);
    if (of_proxy.empty()) {
      base::log_warn("proxy_not_found", {{"host", proxy_->host}, {"detail", result.detail}});
      fail(result, result.error, "the outbound proxy's name does not resolve");
      co_return nullptr;
    }
    proxy_at = ip::tcp::endpoint(of_proxy.front(), proxy_->port);
  }
  for (std::size_t at = 0; at < found.size(); ++at) {
    auto made = std::make_shared<connection>(io_.get_executor());
    const ip::tcp::endpoint receiver(found[at], to.target().port);
    name_peer(*made, to, found[at], proxy_at);
    run.step_overdue = false;
    run.step_deadline = share_of(run.deadline, found.size() - at);
    boost::system::error_code error;
    bool tunnelled = true;
    {
      const waiting_for peer(run, made->socket);
      co_await made->socket.async_connect(proxy_at.value_or(receiver),
                                          asio::redirect_error(asio::use_awaitable, error));
      if (proxy_at && !error && !run.step_overdue && !run.overdue) tunnelled = co_await tunnel(*made, receiver, result);
    }
    run.step_deadline = steady::time_point::max();
    if (run.overdue) {
      fail(result, exchange_error::timeout, "timeout while connecting to " + made->peer);
      log_hidden_peer(*made, result);
      co_return nullptr;
    }
    if (!error && !run.step_overdue) {
      made->socket.set_option(ip::tcp::no_delay(true), error);
      if (!error) made->socket.non_blocking(true, error);
    }
    if (!tunnelled && !run.step_overdue) {
      log_hidden_peer(*made, result);
      continue;
    }
    if (error || run.step_overdue) {
      if (run.step_overdue) error = asio::error::timed_out;
      fail(result, exchange_error::connect, connect_failure(error, made->peer));
      log_hidden_peer(*made, result);
      continue;
    }
    result.error = exchange_error::none;
    result.detail.clear();
    result.timing.connect_us = run.elapsed_us();
    to.last_good = found[at];
    if (to.target().tls) {
      const bool secured = co_await shake_hands(to, *made, run, result);
      if (!secured) {
        log_hidden_peer(*made, result);
        co_return nullptr;
      }
    }
    co_return made;
  }
  co_return nullptr;
}

asio::awaitable<bool> connector::tunnel(connection& over, const ip::tcp::endpoint& to, exchange_result& result) {
  const std::string request = connect_request(*proxy_, to);
  boost::system::error_code error;
  co_await asio::async_write(over.socket, asio::buffer(request), asio::redirect_error(asio::use_awaitable, error));
  std::string answer;
  std::array<char, 1024> part;
  connect_answer read;
  while (!error && !read.whole) {
    const std::size_t bytes =
        co_await over.socket.async_read_some(asio::buffer(part), asio::redirect_error(asio::use_awaitable, error));
    answer.append(part.data(), bytes);
    read = read_connect_answer(answer);
  }
  if (error) {
    fail(result, exchange_error::connect, fmt::format("no connection to {}: {}", over.peer, error.message()));
  } else if (!read.accepted) {
    fail(result, exchange_error::connect, fmt::format("no connection to {}: {}", over.peer, read.problem));
  }
  co_return !error && read.accepted;
}

asio::awaitable<bool> connector::shake_hands(route& to, connection& over, running_exchange& run,
                                             exchange_result& result) {
  over.tls = std::make_unique<tls_stream>(*to.identity(), over.socket, to.target().host, to.literal().has_value(),
                                          to.ticket());
  boost::system::error_code error;
  tls_step step = over.tls->handshake();
  const waiting_for peer(run, over.socket);
  while (!error && (step.status == tls_status::want_read || step.status == tls_status::want_write)) {
    const auto side = step.status == tls_status::want_read ? ip::tcp::socket::wait_read : ip::tcp::socket::wait_write;
    co_await over.socket.async_wait(side, asio::redirect_error(asio::use_awaitable, error));
    if (!error) step = over.tls->handshake();
  }
  if (run.overdue) {
    fail(result, exchange_error::timeout, "timeout during the TLS handshake with " + over.peer);
    co_return false;
  }
  if (step.status != tls_status::done) {
    to.ticket()->keep(nullptr);
    const std::string reason = !over.tls->failure().empty() ? over.tls->failure() : "connection closed";
    fail(result, exchange_error::tls, fmt::format("TLS handshake with {} failed: {}", over.peer, reason));
    co_return false;
  }
  result.timing.tls_us = run.elapsed_us();
  co_return true;
}

}  // namespace posthorn::net
