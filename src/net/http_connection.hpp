// One connection of a server, from accept to close. Private to http_server.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/fault.hpp"
#include "net/http1_chunked.hpp"
#include "net/http1_request_parser.hpp"
#include "net/http_handler.hpp"
#include "net/http_server_core.hpp"
#include "net/read_buffer.hpp"
#include "net/server_transport.hpp"

namespace posthorn::net {

class http_connection final : public server_member {
 public:
  // Runs the connection to its end. `over_capacity`: it is told so (503) and closed.
  static boost::asio::awaitable<void> run(std::shared_ptr<http_server_core> server, boost::asio::ip::tcp::socket socket,
                                          bool over_capacity);

  http_connection(std::shared_ptr<http_server_core> server, boost::asio::ip::tcp::socket socket);
  ~http_connection();
  http_connection(const http_connection&) = delete;
  http_connection& operator=(const http_connection&) = delete;

  void check_deadline(std::int64_t now_ms) noexcept override;
  void close_if_idle() noexcept override;
  [[nodiscard]] std::optional<std::int64_t> idle_since_ms() const noexcept override {
    return idle_ && !timed_out_ ? std::optional(waits_since_ms_) : std::nullopt;
  }
  void abort() noexcept override;

 private:
  // What became of a step of receiving a request.
  enum class progress : std::uint8_t {
    ready,
    refused,  // for refused_, with the last answer: where the next message begins is not known
    closed,   // by the peer, a deadline that nobody waits for an answer to, or stop()
  };

  boost::asio::awaitable<void> serve();
  // Receives and answers one request. False: the connection is to be closed.
  boost::asio::awaitable<bool> serve_one();
  [[nodiscard]] admission admit();
  [[nodiscard]] request make_request() const;
  // False: the connection is broken.
  boost::asio::awaitable<bool> answer(const response& with, bool keep_alive, bool without_body);
  // What follows an answer's first part. False: the connection is broken, or the server stops.
  boost::asio::awaitable<bool> answer_more(body_stream& from, bool chunked);
  // Tells the handler of refused_ and sends the answer; closes.
  boost::asio::awaitable<void> refuse_last(bool without_body);
  // Closes after the answer.
  boost::asio::awaitable<void> answer_last(const response& with, bool without_body);
  // Lets the peer read the last answer: closing over unread input would make the kernel discard it.
  boost::asio::awaitable<void> close_lingering();

  boost::asio::awaitable<progress> receive_head();
  // True if there is no body, or all of it has come with the head: the usual case, which needs no coroutine.
  [[nodiscard]] bool take_arrived_body(std::size_t bytes_max) noexcept;
  // `wanted`: false where the body is read only to keep the connection, and is not asked for with 100.
  boost::asio::awaitable<progress> receive_body(std::size_t bytes_max, bool wanted);
  boost::asio::awaitable<progress> receive_sized_body();
  boost::asio::awaitable<progress> receive_chunked_body(std::size_t bytes_max);
  // False: nothing more comes before the deadline (timed_out_) or at all.
  boost::asio::awaitable<bool> read_some();
  [[nodiscard]] progress refuse(base::fault code, std::string_view detail);
  [[nodiscard]] progress give_up(std::string_view waited_for);

  void set_deadline(int timeout_ms) noexcept;
  // The head's views follow its bytes to where these have moved.
  void parse_head_again();
  [[nodiscard]] bool take_storage(std::size_t bytes) noexcept;
  void give_storage_back();

  const std::shared_ptr<http_server_core> server_;
  server_transport transport_;
  boost::asio::ip::address peer_;

  std::int64_t deadline_ms_ = 0;  // of the present wait, on the server's clock; 0 while the handler runs
  std::int64_t waits_since_ms_ = 0;
  bool timed_out_ = false;
  bool idle_ = true;  // no byte of a next request has arrived

  read_buffer in_;
  request_parser parser_;
  bool has_head_ = false;          // parser_ has read the present request's
  std::size_t head_bytes_ = 0;     // of the present request, at the front of in_
  std::size_t message_bytes_ = 0;  // of the present request in in_, head and coded body
  std::string chunked_body_;
  std::string_view body_;
  std::size_t storage_taken_ = 0;  // accounted for with the server
  std::string out_;                // the answer's head
  base::error refused_;
};

}  // namespace posthorn::net
