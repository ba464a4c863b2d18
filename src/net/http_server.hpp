// An HTTP/1.1 server on one io_context: keep-alive, pipelining (answered in order), Expect: 100-continue, TLS, bounded
// in connections, bytes and time. For several threads make one server and one io_context a thread, sharing the port;
// the kernel spreads the connections and the servers share nothing.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "net/http1_request_parser.hpp"
#include "net/http_handler.hpp"
#include "net/tls_server.hpp"
#include "net/trusted_proxies.hpp"

namespace posthorn::net {

struct http_server_options {
  std::string host = "127.0.0.1";  // an address, or "localhost"; "::" takes IPv4 too
  std::uint16_t port = 0;          // 0: any free one, see http_server::port()
  // True for the second and later servers of one process on one port. The first makes sure that no other program
  // listens there, which the port's sharing would otherwise hide.
  bool joins_port = false;
  std::shared_ptr<tls_server> tls = {};  // null: plain HTTP
  trusted_proxies proxies = {};

  request_limits request = {};
  std::size_t connections_max = base::limits::server_connections_max;         // beyond: the idlest goes, or 503
  std::size_t bodies_bytes_max = base::limits::server_bodies_bytes_max;       // large bodies at once; beyond: 503
  int head_timeout_ms = base::limits::request_head_timeout_ms;                // from its first byte, or the accept
  int body_timeout_ms = base::limits::request_body_timeout_ms;                // whole body
  int idle_timeout_ms = base::limits::keep_alive_idle_timeout_ms;             // between two requests
  int write_timeout_ms = base::limits::response_write_timeout_ms;             // whole answer
  int lingering_close_timeout_ms = base::limits::lingering_close_timeout_ms;  // see lingering_close_bytes_max
};

class http_server_core;

// All calls on the io_context's thread, or while it does not run. `handler` and `io` outlive the server; destroy the
// server only when it has stopped or the io_context runs no more. Timeouts are checked by one timer for all connections
// and may come late by a quarter of the shortest, never early.
class http_server {
 public:
  http_server(http_server_options options, request_handler& handler, boost::asio::io_context& io);
  ~http_server();
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  // Binds and starts to accept. invalid_configuration: `host` is no address; io_error: what bind() or listen() said.
  [[nodiscard]] base::result<void> listen();

  // The port bound by listen().
  [[nodiscard]] std::uint16_t port() const noexcept;
  // Open now. Thread: any.
  [[nodiscard]] std::size_t connections() const noexcept;

  // Accepts no more, closes idle connections, lets requests that have begun to arrive finish and be answered, with
  // `Connection: close`. Then calls `on_stopped`, once; the server keeps the io_context busy no longer.
  void stop(std::move_only_function<void()> on_stopped = {});

  // Closes every connection at once, after or instead of stop(): answers not yet written are lost.
  void abort();

 private:
  std::shared_ptr<http_server_core> core_;  // shared with the connections' coroutines
};

}  // namespace posthorn::net
