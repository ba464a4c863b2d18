// What the connections of one server share: its options, their list, the deadline sweep and the clock it keeps.
// Private to http_server and http_connection.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/http_server.hpp"

namespace posthorn::net {

// What the core asks of a connection; it removes itself from the list when it goes.
class server_member
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  // From the sweep: ends the wait that the connection is in, if its time is over.
  virtual void check_deadline(std::int64_t now_ms) noexcept = 0;
  // From stop(): ends the wait for a request that has not begun to arrive.
  virtual void close_if_idle() noexcept = 0;
  // Since when it waits for a request of which nothing has arrived, on the server's clock; nullopt: it does not.
  [[nodiscard]] virtual std::optional<std::int64_t> idle_since_ms() const noexcept = 0;
  virtual void abort() noexcept = 0;

 protected:
  ~server_member() = default;
};

class http_server_core : public std::enable_shared_from_this<http_server_core> {
 public:
  http_server_core(http_server_options with, request_handler& to, boost::asio::io_context& io);

  [[nodiscard]] base::result<void> listen();
  void stop(std::move_only_function<void()> on_stopped);
  void abort();
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  const http_server_options options;
  request_handler& handler;

  // For connections.
  [[nodiscard]] bool stopping() const noexcept { return stopping_; }
  // Milliseconds of the steady clock, as of the last sweep: costs nothing, and is late by one sweep at most.
  [[nodiscard]] std::int64_t now_ms() const noexcept { return now_ms_; }
  // Deadlines are set against a time that may be one sweep old: that much is added, so that none comes early.
  [[nodiscard]] std::int64_t deadline_in(int timeout_ms) const noexcept { return now_ms_ + timeout_ms + sweep_ms_; }
  // "Server: …\r\nDate: …\r\n", renewed every second.
  [[nodiscard]] std::string_view standing_fields() const noexcept { return standing_fields_; }
  // Accounts for a large body's storage; false if the server holds as much as it may.
  [[nodiscard]] bool take_body_bytes(std::size_t count) noexcept;
  void return_body_bytes(std::size_t count) noexcept { body_bytes_ -= count; }
  void enter(server_member& connection);
  void leave() noexcept;
  // Thread: any.
  [[nodiscard]] std::size_t connections() const noexcept { return connection_count_.load(std::memory_order_relaxed); }

 private:
  static boost::asio::awaitable<void> accept_loop(std::shared_ptr<http_server_core> self);
  static boost::asio::awaitable<void> sweep_loop(std::shared_ptr<http_server_core> self);
  void welcome(boost::asio::ip::tcp::socket socket);
  // Of the connections that wait for a request, the one that has waited longest. False: there is none.
  bool close_idlest() noexcept;
  void read_clocks();
  void finish_stop_if_drained();

  boost::asio::io_context& io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer accept_pause_;
  boost::asio::steady_timer sweep_timer_;
  const int sweep_ms_;
  std::uint16_t port_ = 0;
  bool stopping_ = false;
  bool sweeping_ = false;
  std::move_only_function<void()> on_stopped_;

  boost::intrusive::list<server_member, boost::intrusive::constant_time_size<false>> list_;
  std::atomic<std::size_t> connection_count_ = 0;  // written on the io_context's thread
  std::size_t body_bytes_ = 0;
  std::int64_t now_ms_ = 0;
  std::int64_t date_s_ = 0;
  std::string standing_fields_;
};

}  // namespace posthorn::net
