#include "net/http_client.hpp"

#include <fmt/core.h>

#include <utility>

namespace posthorn::net {
namespace {

namespace asio = boost::asio;
namespace limits = base::limits;
using steady = std::chrono::steady_clock;

void fail(exchange_result& result, exchange_error error, std::string detail) {
  result.error = error;
  result.detail = std::move(detail);
}

std::string_view place_of(const response_reader& reader) {
  if (reader.has_head()) return "in the answer's body";
  return reader.any_bytes() ? "in the answer's head" : "before any answer";
}

void note_failure(const io_failure& failure, const connection& over, response_reader& reader, exchange_result& result) {
  switch (failure.what) {
    case io_failure::kind::closed:
      reader.finish_at_close();
      if (result.error != exchange_error::none) result.detail += fmt::format(" ({})", over.peer);
      break;
    case io_failure::kind::tls:
      fail(result, exchange_error::tls, fmt::format("TLS with {} failed: {}", over.peer, failure.detail));
      break;
    default:
      fail(result, exchange_error::connection,
           fmt::format("connection to {} broke {}: {}", over.peer, place_of(reader), failure.detail));
  }
}

}  // namespace

http_client::http_client(asio::io_context& io, resolver& names, const address_guard& guard,
                         std::shared_ptr<const tls_client_context> tls, const outbound_proxy* proxy)
    : connector_(io, names, guard, proxy),
      sweep_(io),
      tls_(std::move(tls)),
      idle_timer_(io),
      alive_(std::make_shared<http_client*>(this)) {}

http_client::~http_client() {
  *alive_ = nullptr;
  close_idle();
}

std::shared_ptr<route> http_client::open_route(const origin& to, std::shared_ptr<const tls_client_context> identity) {
  if (!identity) identity = tls_;
  std::weak_ptr<route>& known = routes_[{to, identity.get()}];
  if (std::shared_ptr<route> open = known.lock()) return open;
  auto opened = std::make_shared<route>(to, std::move(identity), idle_total_);
  known = opened;
  return opened;
}

asio::awaitable<exchange_result> http_client::exchange(route& to, request_buffers request, exchange_limits limits) {
  exchange_result result;
  running_exchange run;
  sweep_.add(run, std::chrono::milliseconds(limits.timeout_ms));
  std::unique_ptr<response_reader> reader = take_reader();
  std::shared_ptr<connection> over = to.take_idle();
  result.reused_connection = over != nullptr;
  while (true) {
    if (!over) {
      over = co_await connector_.connect(to, run, result);
      if (!over) break;
      ++connections_opened_;
    }
    reader->start(limits, result);
    co_await converse(over, request, *reader, run, result);
    const bool was_dead =
        result.reused_connection && result.error == exchange_error::connection && !reader->any_bytes();
    if (!was_dead) break;
    over.reset();
    result = {};
  }
  if (over && result.error != exchange_error::none) log_hidden_peer(*over, result);
  if (over && result.error == exchange_error::none && reader->connection_reusable() && over->socket.is_open()) {
    to.put_idle(std::move(over));
    if (!idle_timer_armed_) arm_idle_sweep();
  }
  result.timing.total_us = run.elapsed_us();
  keep_reader(std::move(reader));
  co_return result;
}

asio::awaitable<void> http_client::converse(const std::shared_ptr<connection>& over, request_buffers request,
                                            response_reader& reader, running_exchange& run, exchange_result& result) {
  const waiting_for answer(run, over->socket);
  // A request that cannot be sent is no reason to give up: the answer may be there already (413, 401).
  const io_step sent = over->write_some(request, 0);
  std::shared_ptr<upload> rest;
  if (sent.bytes < size_of(request)) {
    rest = std::make_shared<upload>(over, request, sent.bytes);
    rest->run();
  }
  while (true) {
    const io_step arrived = co_await over->read_some(reader.prepare());
    if (run.overdue) {
      fail(result, exchange_error::timeout, fmt::format("timeout {} from {}", place_of(reader), over->peer));
      break;
    }
    if (arrived.failure) {
      note_failure(*arrived.failure, *over, reader, result);
      break;
    }
    if (result.timing.first_byte_us == 0) result.timing.first_byte_us = run.elapsed_us();
    if (reader.commit(arrived.bytes) == response_reader::step::over) break;
  }
  if (!rest) co_return;
  rest->abandon();
  if (!rest->finished()) over->close();
}

std::unique_ptr<response_reader> http_client::take_reader() {
  if (readers_.empty()) return std::make_unique<response_reader>();
  std::unique_ptr<response_reader> last = std::move(readers_.back());
  readers_.pop_back();
  return last;
}

void http_client::keep_reader(std::unique_ptr<response_reader> spare) {
  if (readers_.size() >= limits::response_buffers_kept_max) return;
  spare->shrink();
  readers_.push_back(std::move(spare));
}

void http_client::close_idle() {
  idle_timer_.cancel();
  idle_timer_armed_ = false;
  std::erase_if(routes_, [](const auto& entry) {
    const std::shared_ptr<route> open = entry.second.lock();
    if (open) open->close_idle_since(route::time_point::max());
    return !open;
  });
}

void http_client::arm_idle_sweep() {
  idle_timer_armed_ = true;
  idle_timer_.expires_after(std::chrono::milliseconds(limits::idle_sweep_ms));
  idle_timer_.async_wait([alive = alive_](const boost::system::error_code& cancelled) {
    if (!cancelled && *alive != nullptr) (*alive)->sweep_idle();
  });
}

void http_client::sweep_idle() {
  idle_timer_armed_ = false;
  const auto oldest_kept = steady::now() - std::chrono::milliseconds(limits::idle_connection_ms_max);
  std::erase_if(routes_, [oldest_kept](const auto& entry) {
    const std::shared_ptr<route> open = entry.second.lock();
    if (open) open->close_idle_since(oldest_kept);
    return !open;
  });
  if (*idle_total_ != 0) arm_idle_sweep();
}

}  // namespace posthorn::net
