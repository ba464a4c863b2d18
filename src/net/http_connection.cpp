#include "net/http_connection.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cassert>
#include <exception>

#include "base/boundary.hpp"
#include "net/http1_serialize.hpp"
#include "net/problem.hpp"

namespace posthorn::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using base::fault;
using boost::system::error_code;
namespace limits = base::limits;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

std::string_view sane_request_id(std::string_view id) noexcept {
  const bool sane =
      id.size() <= limits::request_id_chars_max && std::ranges::all_of(id, [](char c) { return c > 0x20 && c < 0x7f; });
  return sane ? id : std::string_view();
}

bool has_no_body(int status) noexcept { return status < 200 || status == 204 || status == 304; }

// The handler answers for what happens inside of it; this is for what it does not reach.
response internal_error(const std::exception_ptr& thrown) {
  base::log_contained("a request", {}, base::error_of(thrown));
  return problem({fault::internal, {}, {}, {}});
}

}  // namespace

http_connection::http_connection(std::shared_ptr<http_server_core> server, tcp::socket socket)
    : server_(std::move(server)),
      transport_(std::move(socket), server_->options.tls ? server_->options.tls->current() : nullptr),
      in_(limits::connection_buffer_bytes),
      parser_(server_->options.request) {
  error_code gone;
  peer_ = without_mapping(transport_.socket().remote_endpoint(gone).address());
  server_->enter(*this);
  set_deadline(server_->options.head_timeout_ms);
}

http_connection::~http_connection() {
  give_storage_back();
  unlink();
  server_->leave();
}

void http_connection::set_deadline(int timeout_ms) noexcept {
  deadline_ms_ = server_->deadline_in(timeout_ms);
  waits_since_ms_ = server_->now_ms();
  timed_out_ = false;
}

void http_connection::check_deadline(std::int64_t now_ms) noexcept {
  if (deadline_ms_ == 0 || now_ms < deadline_ms_) return;
  // Every sweep again until the wait has ended: a composed operation that is between two steps misses a cancellation.
  timed_out_ = true;
  error_code ignored;
  transport_.socket().cancel(ignored);
}

void http_connection::close_if_idle() noexcept {
  if (!idle_) return;
  deadline_ms_ = server_->now_ms();
  check_deadline(deadline_ms_);
}

void http_connection::abort() noexcept {
  error_code ignored;
  transport_.socket().close(ignored);
}

asio::awaitable<void> http_connection::run(std::shared_ptr<http_server_core> server, tcp::socket socket,
                                           bool over_capacity) {
  try {
    http_connection self(std::move(server), std::move(socket));
    if (!over_capacity) {
      co_await self.serve();
    } else if (!self.transport_.is_tls()) {
      self.idle_ = false;
      (void)self.refuse(fault::queue_full, "the server has as many connections as it may hold");
      co_await self.refuse_last(false);
    }
  } catch (...) {
    base::log_contained("a connection", {}, base::error_of(std::current_exception()));
  }
}

asio::awaitable<void> http_connection::serve() {
  if (transport_.is_tls()) {
    const auto [failed] = co_await transport_.tls().async_handshake(asio::ssl::stream_base::server, no_throw);
    if (failed) co_return;
  }
  while (true) {
    const bool kept = co_await serve_one();
    if (!kept) co_return;
    set_deadline(in_.empty() ? server_->options.idle_timeout_ms : server_->options.head_timeout_ms);
  }
}

asio::awaitable<bool> http_connection::serve_one() {
  progress received = co_await receive_head();
  if (received == progress::closed) co_return false;
  if (received == progress::refused) {
    co_await refuse_last(false);
    co_return false;
  }
  const request_head& head = parser_.head();
  const bool without_body = head.method == "HEAD";

  admission verdict = admit();
  if (verdict.refusal.has_value()) verdict.body_bytes_max = head.expect_continue ? 0 : limits::refused_body_bytes_max;
  if (!take_arrived_body(verdict.body_bytes_max)) {
    received = co_await receive_body(verdict.body_bytes_max, !verdict.refusal.has_value());
    if (received == progress::closed) co_return false;
    if (received == progress::refused) {
      if (verdict.refusal.has_value()) {
        co_await answer_last(*verdict.refusal, without_body);
      } else {
        co_await refuse_last(without_body);
      }
      co_return false;
    }
  }

  response with;
  if (verdict.refusal.has_value()) {
    with = *std::move(verdict.refusal);
  } else {
    deadline_ms_ = 0;
    const request whole = make_request();
    try {
      with = co_await server_->handler.handle(whole);
    } catch (...) {
      with = internal_error(std::current_exception());
    }
  }
  const bool keep_alive = head.keep_alive && !with.close && !server_->stopping();
  const bool sent = co_await answer(with, keep_alive, without_body);
  in_.consume(message_bytes_);
  give_storage_back();
  parser_.reset();
  if (sent && !keep_alive) co_await close_lingering();
  co_return sent&& keep_alive;
}

admission http_connection::admit() {
  const request head_only = make_request();
  try {
    return server_->handler.on_head(head_only);
  } catch (...) {
    admission refused;
    refused.refusal = internal_error(std::current_exception());
    return refused;
  }
}

request http_connection::make_request() const {
  const request_head& head = parser_.head();
  const trusted_proxies& proxies = server_->options.proxies;
  return {.method = head.method == "HEAD" ? std::string_view("GET") : head.method,
          .path = head.path,
          .query = head.query,
          .fields = head.fields,
          .body = body_,
          .remote = proxies.caller(peer_, head.fields),
          .tls = transport_.is_tls() || proxies.caller_used_tls(peer_, head.fields),
          .request_id = sane_request_id(head.fields.value_or_empty("X-Request-Id"))};
}

asio::awaitable<bool> http_connection::answer(const response& with, bool keep_alive, bool without_body) {
  assert(with.status >= 200 && with.status <= 999);
  out_.clear();
  append_status_line(out_, with.status);
  out_ += server_->standing_fields();
  if (!with.content_type.empty()) append_field(out_, "Content-Type", with.content_type);
  for (const auto& [name, value] : with.headers) append_field(out_, name, value);
  out_ += with.prepared_fields;
  assert(!with.more || !keep_alive);
  const bool chunked = with.more && parser_.head().minor_version > 0;
  if (chunked) {
    append_field(out_, "Transfer-Encoding", "chunked");
  } else if (!with.more && !has_no_body(with.status)) {
    append_field(out_, "Content-Length", with.body.size());
  }
  if (!keep_alive) {
    out_ += "Connection: close\r\n";
  } else if (parser_.head().minor_version == 0) {
    out_ += "Connection: keep-alive\r\n";
  }
  out_ += "\r\n";

  const bool send_body = !without_body && !has_no_body(with.status);
  const bool send_whole = send_body && !chunked;
  if (send_body && chunked) append_chunk(out_, with.body);
  const std::array<asio::const_buffer, 2> parts{asio::buffer(out_),
                                                send_whole ? asio::buffer(with.body) : asio::const_buffer()};
  set_deadline(server_->options.write_timeout_ms);
  const auto [failed, sent] = co_await asio::async_write(transport_, parts, no_throw);
  if (failed || !with.more || !send_body) co_return !failed;
  co_return co_await answer_more(*with.more, chunked);
}

asio::awaitable<bool> http_connection::answer_more(body_stream& from, bool chunked) {
  for (bool ended = false; !ended;) {
    deadline_ms_ = 0;
    const std::optional<std::string> piece = co_await from.next();
    ended = !piece || server_->stopping();
    if (!transport_.socket().is_open()) co_return false;
    out_.clear();
    if (piece && !chunked) out_ = *piece;
    if (piece && chunked) append_chunk(out_, *piece);
    if (ended && chunked) out_ += last_chunk;
    if (out_.empty()) continue;
    set_deadline(server_->options.write_timeout_ms);
    const auto [failed, sent] = co_await asio::async_write(transport_, asio::buffer(out_), no_throw);
    if (failed) co_return false;
  }
  co_return true;
}

asio::awaitable<void> http_connection::refuse_last(bool without_body) {
  static const field_list no_fields;
  response given = problem(refused_);
  const request known = has_head_ ? make_request() : request{.fields = no_fields, .remote = peer_};
  server_->handler.on_refusal(known, refused_, given);
  co_await answer_last(given, without_body);
}

asio::awaitable<void> http_connection::answer_last(const response& with, bool without_body) {
  const bool sent = co_await answer(with, false, without_body);
  if (sent) co_await close_lingering();
}

asio::awaitable<void> http_connection::close_lingering() {
  set_deadline(server_->options.lingering_close_timeout_ms);
  if (transport_.is_tls()) {
    const auto [unclean] = co_await transport_.tls().async_shutdown(no_throw);
    (void)unclean;  // a peer that sends on instead of closing is drained below
  }
  error_code failed;
  transport_.socket().shutdown(tcp::socket::shutdown_send, failed);
  in_.consume(in_.size());
  in_.reserve_more();
  for (std::size_t dropped = 0; !failed && !timed_out_ && dropped < limits::lingering_close_bytes_max;) {
    const auto [ended, count] = co_await transport_.socket().async_read_some(in_.free_space(), no_throw);
    failed = ended;
    dropped += count;
  }
}

}  // namespace posthorn::net
