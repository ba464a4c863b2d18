#include "net/http_client.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/net/loopback.hpp"

namespace posthorn::net {
namespace {

constexpr const char* ok_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

// The head and the pieces of a body that no socket buffer swallows whole.
struct large_request {
  large_request() {
    text = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body_bytes) + "\r\n\r\n";
    text.append(body_bytes, 'b');
  }
  static constexpr std::size_t body_bytes = 32 << 20;
  std::string text;
};

class http_client_test : public testing::Test, protected client_fixture {};

TEST_F(http_client_test, sends_the_bytes_and_brings_the_answer) {
  std::string seen;
  loopback_server server(io, [&seen](tcp::socket& socket, int) -> asio::awaitable<void> {
    seen = co_await read_request(socket);
    co_await send(socket, "HTTP/1.1 201 Created\r\nX-Id: 7\r\nContent-Length: 4\r\n\r\ndone");
  });
  const exchange_result got = post(server.port());
  EXPECT_EQ(seen, small_request);
  EXPECT_EQ(got.error, exchange_error::none) << got.detail;
  EXPECT_EQ(got.detail, "");
  EXPECT_EQ(got.status, 201);
  EXPECT_EQ(got.response_headers, "HTTP/1.1 201 Created\r\nX-Id: 7\r\nContent-Length: 4\r\n");
  EXPECT_EQ(got.response_body, "done");
  EXPECT_FALSE(got.retry_after);
  EXPECT_FALSE(got.reused_connection);
}

TEST_F(http_client_test, timing_goes_up_through_the_phases_that_happened) {
  loopback_server server(io, answer_all(ok_answer));
  const exchange_result first = post(server.port());
  EXPECT_EQ(first.timing.dns_us, 0) << "numeric host";
  EXPECT_EQ(first.timing.tls_us, 0);
  EXPECT_GT(first.timing.connect_us, 0);
  EXPECT_GE(first.timing.first_byte_us, first.timing.connect_us);
  EXPECT_GE(first.timing.total_us, first.timing.first_byte_us);
  const auto to = client.open_route({false, "localhost", server.port()});
  const exchange_result named = exchange(*to, small_request);
  EXPECT_EQ(named.error, exchange_error::none) << named.detail;
  EXPECT_GT(named.timing.dns_us, 0);
  EXPECT_GE(named.timing.connect_us, named.timing.dns_us);
  const exchange_result pooled = exchange(*to, small_request);
  EXPECT_TRUE(pooled.reused_connection);
  EXPECT_EQ(pooled.timing.connect_us, 0);
}

TEST_F(http_client_test, gathers_many_buffers) {
  std::string seen;
  loopback_server server(io, [&seen](tcp::socket& socket, int) -> asio::awaitable<void> {
    seen = co_await read_request(socket);
    co_await send(socket, ok_answer);
  });
  std::string text = "POST / HTTP/1.1\r\nContent-Length: 40\r\n\r\n";
  for (int i = 0; i < 40; ++i) text += static_cast<char>('a' + i % 26);
  std::vector<asio::const_buffer> pieces;
  for (const char& c : text) pieces.emplace_back(&c, 1);
  const auto to = plain_route(server.port());
  EXPECT_EQ(finish(client.exchange(*to, pieces, {})).status, 200);
  EXPECT_EQ(seen, text);
}

TEST_F(http_client_test, uses_a_connection_again) {
  loopback_server server(io, answer_all(ok_answer));
  const auto to = plain_route(server.port());
  for (int i = 0; i < 10; ++i) {
    const exchange_result got = exchange(*to, small_request);
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.reused_connection, i > 0);
  }
  EXPECT_EQ(server.accepted(), 1);
  EXPECT_EQ(client.idle_connections(), 1U);
  EXPECT_EQ(client.running(), 0U);
  client.close_idle();
  EXPECT_EQ(client.idle_connections(), 0U);
}

TEST_F(http_client_test, one_origin_is_one_route_and_its_last_holder_closes_it) {
  loopback_server server(io, answer_all(ok_answer));
  auto to = plain_route(server.port());
  EXPECT_EQ(to, plain_route(server.port()));
  EXPECT_NE(to, client.open_route({false, "localhost", server.port()}));
  EXPECT_EQ(exchange(*to, small_request).status, 200);
  EXPECT_EQ(client.idle_connections(), 1U);
  to.reset();
  EXPECT_EQ(client.idle_connections(), 0U);
}

TEST_F(http_client_test, concurrent_exchanges_have_a_connection_each_and_the_pool_is_bounded) {
  loopback_server server(io, answer_all(ok_answer));
  const auto to = plain_route(server.port());
  const std::string request = small_request;
  const asio::const_buffer whole = asio::buffer(request);
  constexpr std::size_t count = base::limits::idle_connections_per_origin_max + 20;
  std::vector<std::future<exchange_result>> all;
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(asio::co_spawn(io, client.exchange(*to, {&whole, 1}, {}), asio::use_future));
  }
  for (auto& one : all) {
    while (one.wait_for(std::chrono::seconds(0)) != std::future_status::ready) io.run_one();
    EXPECT_EQ(one.get().status, 200);
  }
  EXPECT_EQ(client.connections_opened(), count);
  EXPECT_EQ(to->idle(), base::limits::idle_connections_per_origin_max);
  EXPECT_EQ(client.idle_connections(), to->idle());
}

TEST_F(http_client_test, a_pooled_connection_that_died_is_replaced_once) {
  for (const bool with_reset : {false, true}) {
    loopback_server server(io, [with_reset](tcp::socket& socket, int) -> asio::awaitable<void> {
      co_await read_request(socket);
      co_await send(socket, ok_answer);
      co_await read_request(socket);
      if (with_reset) reset(socket);
    });
    const auto to = plain_route(server.port());
    EXPECT_EQ(exchange(*to, small_request).status, 200);
    const exchange_result second = exchange(*to, small_request);
    EXPECT_EQ(second.status, 200) << second.detail;
    EXPECT_FALSE(second.reused_connection);
    EXPECT_EQ(server.accepted(), 2);
  }
}

TEST_F(http_client_test, the_replacement_is_not_replaced) {
  loopback_server server(io, [](tcp::socket& socket, int number) -> asio::awaitable<void> {
    co_await read_request(socket);
    if (number > 1) co_return;
    co_await send(socket, ok_answer);
    co_await read_request(socket);
  });
  const auto to = plain_route(server.port());
  EXPECT_EQ(exchange(*to, small_request).status, 200);
  EXPECT_EQ(exchange(*to, small_request).error, exchange_error::connection);
  EXPECT_EQ(server.accepted(), 2);
}

TEST_F(http_client_test, a_connection_that_broke_after_the_first_byte_is_not_replaced) {
  loopback_server server(io, [](tcp::socket& socket, int) -> asio::awaitable<void> {
    co_await read_request(socket);
    co_await send(socket, ok_answer);
    co_await read_request(socket);
    co_await send(socket, "HTTP/1.1 2");
  });
  const auto to = plain_route(server.port());
  EXPECT_EQ(exchange(*to, small_request).status, 200);
  const exchange_result second = exchange(*to, small_request);
  EXPECT_EQ(second.error, exchange_error::connection);
  EXPECT_NE(second.detail.find("in the middle of the answer's head"), std::string::npos) << second.detail;
  EXPECT_EQ(server.accepted(), 1);
}

TEST_F(http_client_test, connections_that_may_not_be_used_again_are_closed) {
  for (const char* answer : {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                             "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                             "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 408 Request Timeout\r\n\r\n"}) {
    loopback_server server(io, answer_all(answer));
    const auto to = plain_route(server.port());
    for (int i = 0; i < 2; ++i) EXPECT_EQ(exchange(*to, small_request).status, 200);
    EXPECT_EQ(server.accepted(), 2) << answer;
    EXPECT_EQ(to->idle(), 0U);
  }
}

TEST_F(http_client_test, an_idle_connection_with_a_stray_answer_is_not_used) {
  bool strayed = false;
  asio::steady_timer answered(io, asio::steady_timer::time_point::max());
  loopback_server server(io, [&](tcp::socket& socket, int number) -> asio::awaitable<void> {
    co_await read_request(socket);
    co_await send(socket, ok_answer);
    if (number == 1) {
      co_await answered.async_wait(asio::as_tuple(asio::use_awaitable));  // so that it comes by itself
      strayed = co_await send(socket, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
    }
    co_await wait_for_close(socket);
  });
  const auto to = plain_route(server.port());
  EXPECT_EQ(exchange(*to, small_request).status, 200);
  EXPECT_EQ(to->idle(), 1U);
  answered.cancel();
  io.restart();
  while (!strayed) io.run_one();
  EXPECT_EQ(exchange(*to, small_request).status, 200);
  EXPECT_EQ(server.accepted(), 2);
}

TEST_F(http_client_test, a_body_until_close_is_an_answer) {
  loopback_server server(io, [](tcp::socket& socket, int) -> asio::awaitable<void> {
    co_await read_request(socket);
    co_await send(socket, "HTTP/1.0 200 OK\r\n\r\nall of it");
  });
  const exchange_result got = post(server.port());
  EXPECT_EQ(got.error, exchange_error::none) << got.detail;
  EXPECT_EQ(got.response_body, "all of it");
}

TEST_F(http_client_test, redirects_are_answers) {
  loopback_server target(io, answer_all(ok_answer));
  loopback_server server(io, answer_all("HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:" +
                                        std::to_string(target.port()) + "/\r\nContent-Length: 0\r\n\r\n"));
  const exchange_result got = post(server.port());
  EXPECT_EQ(got.status, 301);
  EXPECT_EQ(got.error, exchange_error::none);
  EXPECT_EQ(target.accepted(), 0);
}

TEST_F(http_client_test, interim_answers_are_skipped) {
  loopback_server server(io, answer_all("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"));
  const auto to = plain_route(server.port());
  EXPECT_EQ(exchange(*to, small_request).status, 204);
  EXPECT_EQ(exchange(*to, small_request).status, 204);
  EXPECT_EQ(server.accepted(), 1);
}

TEST_F(http_client_test, retry_after_comes_with_the_servers_date) {
  loopback_server server(io, answer_all("HTTP/1.1 429 Slow Down\r\ndate: Thu, 15 Jan 2026 10:30:00 GMT\r\n"
                                        "retry-after: Thu, 15 Jan 2026 10:31:00 GMT\r\nContent-Length: 0\r\n\r\n"));
  const exchange_result got = post(server.port());
  EXPECT_EQ(got.retry_after, "Thu, 15 Jan 2026 10:31:00 GMT");
  EXPECT_EQ(got.date, "Thu, 15 Jan 2026 10:30:00 GMT");
}

TEST_F(http_client_test, a_large_request_goes_out_whole_and_the_connection_stays) {
  std::size_t seen = 0;
  loopback_server server(io, [&seen](tcp::socket& socket, int) -> asio::awaitable<void> {
    for (int i = 0; i < 2; ++i) {
      seen += (co_await read_request(socket)).size();
      co_await send(socket, ok_answer);
    }
  });
  const large_request request;
  const auto to = plain_route(server.port());
  EXPECT_EQ(exchange(*to, request.text).status, 200);
  EXPECT_EQ(exchange(*to, request.text).status, 200);
  EXPECT_EQ(seen, 2 * request.text.size());
  EXPECT_EQ(server.accepted(), 1);
}

TEST_F(http_client_test, an_interim_answer_in_the_middle_of_a_large_request_does_not_stop_it) {
  std::size_t seen = 0;
  loopback_server server(io, [&seen](tcp::socket& socket, int) -> asio::awaitable<void> {
    co_await send(socket, "HTTP/1.1 102 Processing\r\n\r\n");
    seen = (co_await read_request(socket)).size();
    co_await send(socket, ok_answer);
  });
  const large_request request;
  EXPECT_EQ(exchange(*plain_route(server.port()), request.text).status, 200);
  EXPECT_EQ(seen, request.text.size());
}

TEST_F(http_client_test, an_early_answer_is_kept_though_the_request_is_never_taken) {
  static constexpr const char* refusal = "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig";
  loopback_server silent(io, [](tcp::socket& socket, int) -> asio::awaitable<void> {
    co_await send(socket, refusal);
    // Reads nothing, and stays.
    co_await socket.async_wait(tcp::socket::wait_error, asio::as_tuple(asio::use_awaitable));
  });
  loopback_server closing(io, [](tcp::socket& socket, int) -> asio::awaitable<void> {
    co_await send(socket, refusal);  // closing with unread bytes resets the connection
  });
  const large_request request;
  for (const std::uint16_t port : {silent.port(), closing.port()}) {
    const auto to = plain_route(port);
    const exchange_result got = exchange(*to, request.text);
    EXPECT_EQ(got.status, 413) << got.detail;
    EXPECT_EQ(got.response_body, "big");
    EXPECT_EQ(to->idle(), 0U);
  }
}

TEST_F(http_client_test, the_next_address_is_tried_where_one_refuses) {
  // localhost has ::1 and 127.0.0.1 on most machines; the server listens on the latter only.
  loopback_server server(io, answer_all(ok_answer));
  const auto to = client.open_route({false, "localhost", server.port()});
  EXPECT_EQ(exchange(*to, small_request).status, 200);
  EXPECT_EQ(to->last_good, asio::ip::make_address("127.0.0.1"));
}

}  // namespace
}  // namespace posthorn::net
