// Servers on 127.0.0.1 for the client's tests: each plays a script, on the test's own io_context and thread.
#pragma once

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "net/http_client.hpp"

namespace posthorn::net {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

// Plays `script(socket, n)` for the n-th connection, from 1. The socket closes when the script ends.
class loopback_server {
 public:
  using script = std::function<asio::awaitable<void>(tcp::socket&, int)>;

  loopback_server(asio::io_context& io, script plays)
      : state_(std::make_shared<state>(
            state{tcp::acceptor(io, {asio::ip::address_v4::loopback(), 0}), std::move(plays), 0})) {
    asio::co_spawn(io, serve(state_), asio::detached);
  }
  ~loopback_server() { state_->acceptor.close(); }

  [[nodiscard]] std::uint16_t port() const { return state_->acceptor.local_endpoint().port(); }
  [[nodiscard]] int accepted() const { return state_->accepted; }

 private:
  struct state {
    tcp::acceptor acceptor;
    script plays;
    int accepted;
  };

  static asio::awaitable<void> serve(std::shared_ptr<state> self) {
    boost::system::error_code closed;
    while (true) {
      tcp::socket socket = co_await self->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, closed));
      if (closed) co_return;
      asio::co_spawn(self->acceptor.get_executor(), play(self, std::move(socket), ++self->accepted), asio::detached);
    }
  }
  static asio::awaitable<void> play(std::shared_ptr<state> self, tcp::socket socket, int number) {
    co_await self->plays(socket, number);
  }

  std::shared_ptr<state> state_;
};

// Reads one request with Content-Length; returns its head and body, or what came before the connection ended.
template <class Stream>
asio::awaitable<std::string> read_request(Stream& from) {
  std::string text;
  boost::system::error_code error;
  const std::size_t head = co_await asio::async_read_until(from, asio::dynamic_buffer(text), "\r\n\r\n",
                                                           asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return text;
  std::size_t body = 0;
  if (const auto at = text.find("Content-Length: "); at != std::string::npos) body = std::stoul(text.substr(at + 16));
  while (!error && text.size() < head + body) {
    std::string more(head + body - text.size(), '\0');
    more.resize(co_await from.async_read_some(asio::buffer(more), asio::redirect_error(asio::use_awaitable, error)));
    text += more;
  }
  co_return text;
}

template <class Stream>
asio::awaitable<bool> send(Stream& to, std::string text) {
  boost::system::error_code error;
  co_await asio::async_write(to, asio::buffer(text), asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

// Returns when the other side has closed.
template <class Stream>
asio::awaitable<void> wait_for_close(Stream& from) {
  boost::system::error_code error;
  std::array<char, 4096> dropped;
  while (!error) {
    co_await from.async_read_some(asio::buffer(dropped), asio::redirect_error(asio::use_awaitable, error));
  }
}

// So that closing sends a reset instead of an orderly end.
inline void reset(tcp::socket& socket) {
  socket.set_option(asio::socket_base::linger(true, 0));
  socket.close();
}

inline loopback_server::script answer_all(std::string text) {
  return [text = std::move(text)](tcp::socket& socket, int) -> asio::awaitable<void> {
    // Spelled out: GCC 12 miscompiles a co_await with temporaries in a loop's condition.
    bool open = true;
    while (open) {
      const std::string request = co_await read_request(socket);
      if (request.empty()) co_return;
      open = co_await send(socket, text);
    }
  };
}

// A client that may reach 127.0.0.1, and blocking calls on it.
class client_fixture {
 public:
  explicit client_fixture(std::string ca_file = {}, const outbound_proxy* proxy = nullptr)
      : tls(tls_client_context::make({ca_file.empty() ? std::vector<std::string>{} : std::vector{std::move(ca_file)}})
                .value()),
        client(io, names, guard, tls, proxy) {}

  exchange_result exchange(route& to, std::string request, exchange_limits limits = {}) {
    const asio::const_buffer whole = asio::buffer(request);
    return finish(client.exchange(to, {&whole, 1}, limits));
  }
  exchange_result post(std::uint16_t port, exchange_limits limits = {}) {
    const auto to = plain_route(port);
    return exchange(*to, small_request, limits);
  }
  std::shared_ptr<route> plain_route(std::uint16_t port) { return client.open_route({false, "127.0.0.1", port}); }

  template <class T>
  T finish(asio::awaitable<T> work) {
    std::future<T> value = asio::co_spawn(io, std::move(work), asio::use_future);
    io.restart();
    while (value.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      if (io.run_one() == 0) throw std::logic_error("nothing left to run, and no result");
    }
    return value.get();
  }

  static constexpr const char* small_request =
      "POST /hook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\nhello";

  asio::io_context io{1};
  address_guard guard{address_rules{.allow_private = true, .deny = {}, .allow = {}}};
  resolver names{io, {}};
  std::shared_ptr<const tls_client_context> tls;
  http_client client;
};

}  // namespace posthorn::net
