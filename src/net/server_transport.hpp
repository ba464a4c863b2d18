// One accepted connection, plain or TLS, as a single stream type: the choice is made at run time inside the operation,
// so that the code above is compiled once and pays no extra coroutine for it.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <utility>

namespace posthorn::net {

// Not thread-safe. At most one read and one write at a time.
class server_transport {
 public:
  using executor_type = boost::asio::ip::tcp::socket::executor_type;

  // `context` may be null: a plain connection. It is kept alive here.
  server_transport(boost::asio::ip::tcp::socket socket, std::shared_ptr<boost::asio::ssl::context> context)
      : socket_(std::move(socket)), context_(std::move(context)) {
    if (context_) tls_ = std::make_unique<tls_stream>(socket_, *context_);
  }

  [[nodiscard]] executor_type get_executor() { return socket_.get_executor(); }
  [[nodiscard]] bool is_tls() const noexcept { return tls_ != nullptr; }
  [[nodiscard]] boost::asio::ip::tcp::socket& socket() noexcept { return socket_; }
  [[nodiscard]] const boost::asio::ip::tcp::socket& socket() const noexcept { return socket_; }
  // Only where is_tls().
  [[nodiscard]] auto& tls() noexcept { return *tls_; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(read_op{this}, token,
                                                                                            buffers);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(write_op{this}, token,
                                                                                            buffers);
  }

 private:
  using tls_stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;

  struct read_op {
    server_transport* self;
    template <class Handler, class Buffers>
    void operator()(Handler&& handler, const Buffers& buffers) const {
      if (self->tls_) return self->tls_->async_read_some(buffers, std::forward<Handler>(handler));
      self->socket_.async_read_some(buffers, std::forward<Handler>(handler));
    }
  };
  struct write_op {
    server_transport* self;
    template <class Handler, class Buffers>
    void operator()(Handler&& handler, const Buffers& buffers) const {
      if (self->tls_) return self->tls_->async_write_some(buffers, std::forward<Handler>(handler));
      self->socket_.async_write_some(buffers, std::forward<Handler>(handler));
    }
  };

  boost::asio::ip::tcp::socket socket_;
  std::shared_ptr<boost::asio::ssl::context> context_;
  std::unique_ptr<tls_stream> tls_;
};

}  // namespace posthorn::net
