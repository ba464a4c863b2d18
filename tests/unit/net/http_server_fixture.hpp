// A server on its own thread, a handler whose answers the tests choose by path, and a client that sends bytes as told.
#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include "net/http1_response_parser.hpp"
#include "net/http_server.hpp"

namespace posthorn::net {

// Longer than anything here takes, so that a test that would hang fails instead.
inline constexpr int patience_s = 20;

class path_handler : public request_handler {
 public:
  explicit path_handler(boost::asio::io_context& io) : gate_(io, boost::asio::steady_timer::time_point::max()) {}

  admission on_head(const request& head) override {
    if (head.path == "/refuse") return {.refusal = response{.status = 401, .body = "who are you"}};
    if (head.path == "/small") return {.body_bytes_max = 10};
    if (head.path == "/head-throws") throw std::runtime_error("on_head");
    return {};
  }

  boost::asio::awaitable<response> handle(const request& whole) override {
    ++handled;
    if (whole.path == "/throws") throw std::runtime_error("handle");
    if (whole.path == "/hold") {
      entered.set_value();
      co_await gate_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    if (whole.path == "/empty") co_return response{.status = 204};
    if (whole.path == "/large") co_return response{.body = std::string(64 << 20, 'x')};
    if (whole.path == "/last") co_return response{.body = "bye", .close = true};
    if (whole.path == "/who") {
      co_return response{.body = whole.remote.to_string() + (whole.tls ? " tls " : " plain ") +
                                 std::string(whole.request_id)};
    }
    if (whole.path == "/headers") {
      co_return response{
          .content_type = "text/plain", .headers = {{"X-Made", "1"}}, .prepared_fields = "X-Prepared: 2\r\n"};
    }
    co_return response{.body =
                           std::string(whole.method) + " " + std::string(whole.query) + " " + std::string(whole.body)};
  }

  void on_refusal(const request& known, const base::error& why, response& given) override {
    given.headers.emplace_back("request-id", "told");
    last_refusal = std::string(known.method) + " " + std::string(known.path) + " " +
                   std::string(base::text_of(why.code).slug) + " " + known.remote.to_string();
    ++refused;
  }

  void open_gate() { gate_.cancel(); }  // on the server's thread

  std::atomic<int> handled = 0;
  std::atomic<int> refused = 0;
  std::string last_refusal;    // read it after the answer
  std::promise<void> entered;  // by /hold

 private:
  boost::asio::steady_timer gate_;
};

struct server_answer {
  int status = 0;
  std::string head;
  std::string body;
  bool keep_alive = false;

  [[nodiscard]] bool has_line(std::string_view line) const {
    return head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
  }
};

// A blocking connection; every read fails after patience_s.
class raw_client {
 public:
  explicit raw_client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{.tv_sec = patience_s, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~raw_client() { ::close(socket_); }
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  [[nodiscard]] bool connected() const noexcept { return connected_; }
  [[nodiscard]] int native() const noexcept { return socket_; }

  // False if the server has closed before taking all of it.
  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // Status 0: the connection ended, or nothing came. `to_head`: an answer without its announced body.
  server_answer read_answer(bool to_head = false) {
    response_parser parser;
    parser.reset(to_head);
    while (true) {
      const parse_outcome outcome = parser.parse(buffer_);
      if (outcome.status == parse_status::done) {
        const std::size_t body_bytes = static_cast<std::size_t>(parser.head().content_length);
        while (buffer_.size() < outcome.consumed + body_bytes) {
          if (!fill()) return {};
        }
        server_answer out{parser.head().status, buffer_.substr(0, outcome.consumed),
                          buffer_.substr(outcome.consumed, body_bytes), parser.head().keep_alive};
        buffer_.erase(0, outcome.consumed + body_bytes);
        return out;
      }
      if (outcome.status == parse_status::fault || !fill()) return {};
    }
  }

  server_answer ask(std::string_view bytes) {
    send(bytes);
    return read_answer();
  }

  // True if the server ends the connection in good order, with nothing more said.
  bool at_end() {
    if (!buffer_.empty()) return false;
    char byte = 0;
    return ::recv(socket_, &byte, 1, 0) == 0;
  }

 private:
  bool fill() {
    char bytes[16 * 1024];
    const ssize_t count = ::recv(socket_, bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int socket_;
  bool connected_ = false;
  std::string buffer_;
};

class HttpServer : public testing::Test {
 protected:
  void start(http_server_options options = {}) {
    server_ = std::make_unique<http_server>(std::move(options), handler_, io_);
    const auto listening = server_->listen();
    ASSERT_TRUE(listening.has_value()) << listening.error().detail;
    thread_ = std::thread([this] { io_.run(); });
  }

  // Runs `act` on the server's thread and waits for it.
  template <class Act>
  auto on_server(Act act) {
    std::packaged_task<decltype(act())()> task(std::move(act));
    auto done = task.get_future();
    boost::asio::post(io_, [&task] { task(); });
    return done.get();
  }

  [[nodiscard]] raw_client connect() const { return raw_client(server_->port()); }

  void TearDown() override {
    if (!thread_.joinable()) return;
    boost::asio::post(io_, [this] {
      handler_.open_gate();
      server_->stop();
      server_->abort();
    });
    thread_.join();  // returns because a stopped server leaves the io_context without work
  }

  boost::asio::io_context io_{1};
  path_handler handler_{io_};
  std::unique_ptr<http_server> server_;
  std::thread thread_;
};

}  // namespace posthorn::net
