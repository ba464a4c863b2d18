// One outgoing connection, plain or TLS, and the sending of a request that does not fit into the socket at once.
// For http_client only. Single-threaded.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "net/exchange.hpp"
#include "net/tls_client.hpp"

namespace posthorn::net {

using request_buffers = std::span<const boost::asio::const_buffer>;

[[nodiscard]] std::size_t size_of(request_buffers request) noexcept;

// How a read or write ended other than with bytes.
struct io_failure {
  enum class kind : std::uint8_t { would_block, closed, reset, tls };
  kind what = kind::closed;
  std::string detail;  // reset and tls
};

struct io_step {
  std::size_t bytes = 0;
  std::optional<io_failure> failure;
};

class connection {
 public:
  explicit connection(const boost::asio::any_io_executor& executor) : socket(executor) {}
  ~connection() { close(); }
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  // Sends what the socket takes of `request` from `offset` on, without waiting.
  [[nodiscard]] io_step write_some(request_buffers request, std::size_t offset);
  // Waits for at least one byte.
  [[nodiscard]] boost::asio::awaitable<io_step> read_some(std::span<char> into);

  // False if the peer has closed, or sent something that nobody asked for (a late 408, say), which would be taken for
  // the next request's answer. Looks without waiting.
  [[nodiscard]] bool is_quiet();
  void close() noexcept;

  boost::asio::ip::tcp::socket socket;
  std::unique_ptr<tls_stream> tls;  // null: plain http
  std::string peer;         // for the customer: "192.0.2.7:443", or "hooks.example:443" where the address is private
  std::string hidden_peer;  // the address where `peer` does not tell it, for the server's log; else ""
  std::chrono::steady_clock::time_point idle_since;
};

// After an exchange that failed there: what `peer` did not tell the customer.
void log_hidden_peer(const connection& over, const exchange_result& result);

// Sends the rest of a request in the background, while the answer is already being read: an early 4xx must be seen even
// if the receiver never takes the body. The request's memory is not touched after abandon().
class upload : public std::enable_shared_from_this<upload> {
 public:
  upload(std::shared_ptr<connection> over, request_buffers request, std::size_t offset)
      : connection_(std::move(over)), request_(request), offset_(offset), size_(size_of(request)) {}

  void run();
  void abandon() noexcept { abandoned_ = true; }
  [[nodiscard]] bool finished() const noexcept { return offset_ == size_; }

 private:
  std::shared_ptr<connection> connection_;
  request_buffers request_;
  std::size_t offset_;
  std::size_t size_;
  bool abandoned_ = false;
};

}  // namespace posthorn::net
