// The receiving half of a connection: a request's head and body, within their limits and deadlines.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cassert>

#include "net/http_connection.hpp"

namespace posthorn::net {
namespace {

namespace asio = boost::asio;
using base::fault;
namespace limits = base::limits;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

// Storage up to this is not accounted for: connections_max bounds its sum.
constexpr std::size_t unaccounted_bytes_max = 64 * limits::kib;
constexpr std::size_t chunked_read_bytes = 16 * limits::kib;
constexpr std::string_view body_too_large = "the body is larger than this address takes";

}  // namespace

http_connection::progress http_connection::refuse(fault code, std::string_view detail) {
  refused_ = {code, std::string(detail), {}, {}};
  if (code == fault::queue_full) refused_.retry_after_s = 1;
  return progress::refused;
}

http_connection::progress http_connection::give_up(std::string_view waited_for) {
  if (!timed_out_) return progress::closed;
  return refuse(fault::request_timeout, std::string(waited_for) + " did not arrive in time");
}

asio::awaitable<bool> http_connection::read_some() {
  if (timed_out_) co_return false;
  const auto [failed, count] = co_await transport_.async_read_some(in_.free_space(), no_throw);
  if (failed) co_return false;
  in_.commit(count);
  co_return true;
}

asio::awaitable<http_connection::progress> http_connection::receive_head() {
  body_ = {};
  has_head_ = false;
  idle_ = in_.empty();
  while (true) {
    if (!idle_) {
      const parse_outcome head = parser_.parse(in_.view());
      if (head.status == parse_status::fault) co_return refuse(head.code, head.detail);
      if (head.status == parse_status::done) {
        head_bytes_ = message_bytes_ = head.consumed;
        has_head_ = true;
        co_return progress::ready;
      }
    } else if (server_->stopping()) {
      co_return progress::closed;
    }
    in_.reserve_more();
    const bool more = co_await read_some();
    if (!more) co_return idle_ ? progress::closed : give_up("the request's head");
    if (idle_) {
      idle_ = false;
      set_deadline(server_->options.head_timeout_ms);
    }
  }
}

bool http_connection::take_arrived_body(std::size_t bytes_max) noexcept {
  const request_head& head = parser_.head();
  if (head.framing == body_framing::none) return true;
  if (head.framing != body_framing::length || head.content_length > bytes_max ||
      head.content_length > in_.size() - head_bytes_) {
    return false;
  }
  message_bytes_ = head_bytes_ + static_cast<std::size_t>(head.content_length);
  body_ = in_.view().substr(head_bytes_, message_bytes_ - head_bytes_);
  return true;
}

asio::awaitable<http_connection::progress> http_connection::receive_body(std::size_t bytes_max, bool wanted) {
  const request_head& head = parser_.head();
  const bool sized = head.framing == body_framing::length;
  if (sized && head.content_length > bytes_max) co_return refuse(fault::payload_too_large, body_too_large);
  if (head.expect_continue && bytes_max == 0) co_return refuse(fault::payload_too_large, body_too_large);
  set_deadline(server_->options.body_timeout_ms);
  if (wanted && head.expect_continue && in_.size() == head_bytes_) {
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    const auto [failed, sent] = co_await asio::async_write(transport_, asio::buffer(go_on), no_throw);
    if (failed) co_return progress::closed;
  }
  if (sized) co_return co_await receive_sized_body();
  co_return co_await receive_chunked_body(bytes_max);
}

asio::awaitable<http_connection::progress> http_connection::receive_sized_body() {
  const auto body_bytes = static_cast<std::size_t>(parser_.head().content_length);
  message_bytes_ = head_bytes_ + body_bytes;
  if (!take_storage(message_bytes_)) co_return refuse(fault::queue_full, "too many large bodies are being received");
  if (in_.reserve(message_bytes_)) parse_head_again();
  while (in_.size() < message_bytes_) {
    const bool more = co_await read_some();
    if (!more) co_return give_up("the request's body");
  }
  body_ = in_.view().substr(head_bytes_, body_bytes);
  co_return progress::ready;
}

asio::awaitable<http_connection::progress> http_connection::receive_chunked_body(std::size_t bytes_max) {
  if (in_.reserve(head_bytes_ + chunked_read_bytes)) parse_head_again();
  chunked_decoder decoder;
  std::size_t at = head_bytes_;
  while (true) {
    const chunk_step step = decoder.next(in_.view().substr(at));
    at += step.consumed;
    switch (step.status) {
      case chunk_status::data:
        if (step.data.size() > bytes_max - chunked_body_.size()) {
          co_return refuse(fault::payload_too_large, body_too_large);
        }
        chunked_body_ += step.data;
        if (!take_storage(chunked_body_.capacity())) {
          co_return refuse(fault::queue_full, "too many large bodies are being received");
        }
        break;
      case chunk_status::done:
        message_bytes_ = at;
        body_ = chunked_body_;
        co_return progress::ready;
      case chunk_status::fault: co_return refuse(step.code, step.detail);
      case chunk_status::need_more: {
        in_.truncate(head_bytes_);
        at = head_bytes_;
        const bool more = co_await read_some();
        if (!more) co_return give_up("the request's body");
        break;
      }
    }
  }
}

void http_connection::parse_head_again() {
  parser_.reset();
  [[maybe_unused]] const parse_outcome same = parser_.parse(in_.view());
  assert(same.status == parse_status::done && same.consumed == head_bytes_);
}

bool http_connection::take_storage(std::size_t bytes) noexcept {
  if (bytes <= unaccounted_bytes_max || bytes <= storage_taken_) return true;
  if (!server_->take_body_bytes(bytes - storage_taken_)) return false;
  storage_taken_ = bytes;
  return true;
}

void http_connection::give_storage_back() {
  in_.shrink();
  if (chunked_body_.capacity() > limits::connection_buffer_bytes) {
    chunked_body_ = {};
  } else {
    chunked_body_.clear();
  }
  server_->return_body_bytes(storage_taken_);
  storage_taken_ = 0;
}

}  // namespace posthorn::net
