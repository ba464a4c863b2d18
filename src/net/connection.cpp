#include "net/connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <utility>

#include "base/log.hpp"

namespace posthorn::net {
namespace {

namespace asio = boost::asio;
using tcp_socket = asio::ip::tcp::socket;

constexpr std::size_t pieces_max = 16;
constexpr std::size_t tls_record_bytes = 16 * base::limits::kib;

// The pieces of `request` behind `offset`, as many as fit.
std::span<const asio::const_buffer> rest_of(request_buffers request, std::size_t offset,
                                            std::array<asio::const_buffer, pieces_max>& into) {
  std::size_t count = 0;
  for (const asio::const_buffer& piece : request) {
    if (offset >= piece.size()) {
      offset -= piece.size();
      continue;
    }
    if (count == into.size()) break;
    into[count++] = piece + std::exchange(offset, 0);
  }
  return std::span(into).first(count);
}

io_step failed(io_failure::kind what, std::string detail = {}) { return {0, io_failure{what, std::move(detail)}}; }

io_step to_step(const boost::system::error_code& error) {
  if (error == asio::error::would_block || error == asio::error::try_again) {
    return failed(io_failure::kind::would_block);
  }
  if (error == asio::error::eof) return failed(io_failure::kind::closed);
  return failed(io_failure::kind::reset, error.message());
}

io_step to_step(const tls_step& step, const tls_stream& tls) {
  switch (step.status) {
    case tls_status::done: return {step.bytes, std::nullopt};
    case tls_status::want_read:
    case tls_status::want_write: return failed(io_failure::kind::would_block);
    case tls_status::closed: return failed(io_failure::kind::closed);
    case tls_status::reset: return failed(io_failure::kind::reset, tls.failure());
    case tls_status::failed: break;
  }
  return failed(io_failure::kind::tls, tls.failure());
}

}  // namespace

std::size_t size_of(request_buffers request) noexcept {
  std::size_t total = 0;
  for (const asio::const_buffer& piece : request) total += piece.size();
  return total;
}

io_step connection::write_some(request_buffers request, std::size_t offset) {
  std::array<asio::const_buffer, pieces_max> pieces;
  const std::span<const asio::const_buffer> rest = rest_of(request, offset, pieces);
  if (!tls) {
    boost::system::error_code error;
    const std::size_t sent = socket.write_some(rest, error);
    return error ? to_step(error) : io_step{sent, std::nullopt};
  }
  // One record for head and body together. A repeated call offers the same bytes, as TLS asks for.
  std::array<char, tls_record_bytes> record;
  const std::size_t filled = asio::buffer_copy(asio::buffer(record), rest);
  return to_step(tls->write(std::span(record).first(filled)), *tls);
}

asio::awaitable<io_step> connection::read_some(std::span<char> into) {
  boost::system::error_code error;
  if (!tls) {
    const std::size_t bytes = co_await socket.async_read_some(asio::buffer(into.data(), into.size()),
                                                              asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return to_step(error);
    co_return io_step{bytes, std::nullopt};
  }
  while (true) {
    const tls_step step = tls->read(into);
    if (step.status != tls_status::want_read && step.status != tls_status::want_write) co_return to_step(step, *tls);
    const auto side = step.status == tls_status::want_read ? tcp_socket::wait_read : tcp_socket::wait_write;
    co_await socket.async_wait(side, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return to_step(error);
  }
}

bool connection::is_quiet() {
  if (tls && tls->has_unread()) return false;
  char byte = 0;
  return ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

void connection::close() noexcept {
  if (!socket.is_open()) return;
  if (tls) tls->close_notify();
  boost::system::error_code ignored;
  socket.close(ignored);
}

void log_hidden_peer(const connection& over, const exchange_result& result) {
  if (over.hidden_peer.empty()) return;
  base::log_info("hidden_peer_failed",
                 {{"peer", over.hidden_peer}, {"error", to_string(result.error)}, {"detail", result.detail}});
}

void upload::run() {
  while (!abandoned_ && !finished()) {
    const io_step step = connection_->write_some(request_, offset_);
    offset_ += step.bytes;
    if (!step.failure) continue;
    // A broken connection shows in the answer's reading, which may still find an answer.
    if (step.failure->what != io_failure::kind::would_block) return;
    connection_->socket.async_wait(tcp_socket::wait_write,
                                   [self = shared_from_this()](const boost::system::error_code& error) {
                                     if (!error) self->run();
                                   });
    return;
  }
}

}  // namespace posthorn::net
