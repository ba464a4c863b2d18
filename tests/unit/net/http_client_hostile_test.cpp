// Receivers that misbehave in every way we could think of: each exchange ends, in time, with its documented error class
// and bounded evidence.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <boost/asio/ip/udp.hpp>
#include <string>

#include "net/http_client.hpp"
#include "unit/net/loopback.hpp"

namespace posthorn::net {
namespace {

constexpr exchange_limits hasty{.timeout_ms = 150};
// Where the server ends the exchange: so long that only a hang would meet it.
constexpr exchange_limits patient{.timeout_ms = 20'000};

constexpr const char* ok_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class http_client_hostile_test : public testing::Test, protected client_fixture {
 protected:
  // One exchange with a server that reads the request and plays the rest.
  exchange_result against(loopback_server::script plays, exchange_limits limits) {
    loopback_server server(io, std::move(plays));
    const exchange_result got = post(server.port(), limits);
    EXPECT_LE(got.response_headers.size(), limits.evidence_headers_bytes_max);
    EXPECT_LE(got.response_body.size(), limits.evidence_body_bytes_max);
    EXPECT_EQ(got.detail.empty(), got.error == exchange_error::none);
    EXPECT_GT(got.timing.total_us, 0);
    EXPECT_EQ(client.running(), 0U);
    EXPECT_EQ(client.idle_connections(), 0U);
    return got;
  }

  // Sends `text`, then stays silent until the client gives up.
  static loopback_server::script say_and_hang(std::string text) {
    return [text = std::move(text)](tcp::socket& socket, int) -> asio::awaitable<void> {
      co_await read_request(socket);
      co_await send(socket, text);
      co_await wait_for_close(socket);
    };
  }
  static loopback_server::script say_and_reset(std::string text) {
    return [text = std::move(text)](tcp::socket& socket, int) -> asio::awaitable<void> {
      co_await read_request(socket);
      co_await send(socket, text);
      reset(socket);
    };
  }
  static loopback_server::script say_and_close(std::string text) {
    return [text = std::move(text)](tcp::socket& socket, int) -> asio::awaitable<void> {
      co_await read_request(socket);
      co_await send(socket, text);
    };
  }
  static loopback_server::script repeat(std::string first, std::string again) {
    return [first = std::move(first), again = std::move(again)](tcp::socket& socket, int) -> asio::awaitable<void> {
      co_await read_request(socket);
      bool open = co_await send(socket, first);
      while (open) open = co_await send(socket, again);
    };
  }
};

TEST_F(http_client_hostile_test, refuses_the_connection) {
  tcp::acceptor gone(io, {asio::ip::address_v4::loopback(), 0});
  const std::uint16_t port = gone.local_endpoint().port();
  gone.close();
  const exchange_result got = post(port, patient);
  EXPECT_EQ(got.error, exchange_error::connect);
  EXPECT_EQ(got.detail, "connection refused by 127.0.0.1:" + std::to_string(port));
}

TEST_F(http_client_hostile_test, never_accepts) {
  // A full backlog leaves further SYNs unanswered.
  tcp::acceptor full(io, tcp::v4());
  full.bind({asio::ip::address_v4::loopback(), 0});
  full.listen(0);
  std::vector<std::unique_ptr<tcp::socket>> waiting;
  for (int i = 0; i < 4; ++i) {
    waiting.push_back(std::make_unique<tcp::socket>(io, tcp::v4()));
    waiting.back()->async_connect(full.local_endpoint(), [](const boost::system::error_code&) {});
  }
  io.poll();
  const exchange_result got = post(full.local_endpoint().port(), hasty);
  EXPECT_EQ(got.error, exchange_error::timeout);
  EXPECT_NE(got.detail.find("while connecting"), std::string::npos) << got.detail;
}

TEST_F(http_client_hostile_test, closes_or_resets_at_every_stage) {
  struct stage {
    std::string said;
    int status;
  };
  for (const stage& at : {stage{"", 0}, stage{"HTTP/1.1 20", 0}, stage{"HTTP/1.1 200 OK\r\nX: y\r\n", 0},
                          stage{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", 200},
                          stage{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", 200},
                          stage{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", 200},
                          stage{"HTTP/1.1 100 Continue\r\n\r\n", 0}}) {
    const exchange_result closed = against(say_and_close(at.said), patient);
    EXPECT_EQ(closed.error, exchange_error::connection) << at.said;
    EXPECT_EQ(closed.status, at.status) << "a head that was read stays in the evidence";
    const exchange_result broken = against(say_and_reset(at.said), patient);
    EXPECT_EQ(broken.error, exchange_error::connection) << at.said;
  }
}

TEST_F(http_client_hostile_test, answers_200_and_resets) {
  // Whether the reset overtakes the answer is the kernel's affair; what was read in full counts.
  const exchange_result got = against(
      [](tcp::socket& socket, int) -> asio::awaitable<void> {
        co_await read_request(socket);
        co_await send(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        reset(socket);
      },
      patient);
  if (got.error == exchange_error::none) {
    EXPECT_EQ(got.response_body, "ok");
  } else {
    EXPECT_EQ(got.error, exchange_error::connection);
  }
}

TEST_F(http_client_hostile_test, hangs_at_every_stage) {
  for (const std::string said :
       {"", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nX: y", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "HTTP/1.1 200 OK\r\n\r\nuntil close, which never comes",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n", "HTTP/1.1 100 Continue\r\n\r\n"}) {
    const exchange_result got = against(say_and_hang(said), hasty);
    EXPECT_EQ(got.error, exchange_error::timeout) << said;
    EXPECT_EQ(got.status,
              said.find("\r\n\r\n") != std::string::npos && said.find(" 200 ") != std::string::npos ? 200 : 0);
    EXPECT_GE(got.timing.total_us, hasty.timeout_ms * 1000);
  }
}

TEST_F(http_client_hostile_test, drips_a_byte_at_a_time) {
  const auto drip = [](std::string text) -> loopback_server::script {
    return [text = std::move(text)](tcp::socket& socket, int) -> asio::awaitable<void> {
      co_await read_request(socket);
      asio::steady_timer pause(socket.get_executor());
      for (std::size_t at = 0;; at = (at + 1) % text.size()) {
        const bool open = co_await send(socket, std::string(1, text[at]));
        if (!open) co_return;
        pause.expires_after(std::chrono::milliseconds(5));
        co_await pause.async_wait(asio::use_awaitable);
      }
    };
  };
  EXPECT_EQ(against(drip("HTTP/1.1 200 OK\r\n" + std::string(1000, 'x')), hasty).error, exchange_error::timeout);
  EXPECT_EQ(against(drip("HTTP/1.1 200 OK\r\n\r\n" + std::string(1000, 'x')), hasty).error, exchange_error::timeout);
}

TEST_F(http_client_hostile_test, sends_an_endless_body) {
  const std::string piece(64 * 1024, 'e');
  const exchange_result until_close = against(repeat("HTTP/1.1 200 OK\r\n\r\n", piece), patient);
  EXPECT_EQ(until_close.error, exchange_error::too_large);
  EXPECT_EQ(until_close.status, 200);
  EXPECT_EQ(until_close.response_body.size(), base::limits::attempt_body_bytes_max);
  const exchange_result chunked =
      against(repeat("HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n", "10000\r\n" + piece + "\r\n"), patient);
  EXPECT_EQ(chunked.error, exchange_error::too_large);
  EXPECT_EQ(chunked.status, 500);
}

TEST_F(http_client_hostile_test, sends_an_endless_head) {
  EXPECT_EQ(against(repeat("HTTP/1.1 200 OK\r\n", "X-A: " + std::string(1000, 'a') + "\r\n"), patient).error,
            exchange_error::too_large);
  EXPECT_EQ(against(repeat("HTTP/1.1 200 OK\r\nX: ", std::string(4096, 'a')), patient).error,
            exchange_error::too_large);
  EXPECT_EQ(against(repeat("", "HTTP/1.1 100 Continue\r\n\r\n"), patient).error, exchange_error::protocol);
  EXPECT_EQ(
      against(repeat("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X-T: trailer\r\n"), patient).error,
      exchange_error::too_large);
  EXPECT_EQ(against(repeat("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "extension"), patient).error,
            exchange_error::too_large);
}

TEST_F(http_client_hostile_test, announces_a_gigabyte) {
  const exchange_result got =
      against(say_and_hang("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\nstart"), patient);
  EXPECT_EQ(got.error, exchange_error::too_large);
  EXPECT_EQ(got.status, 200);
  EXPECT_LT(got.timing.total_us, patient.timeout_ms * 1000) << "refused at once, not waited for";
}

TEST_F(http_client_hostile_test, does_not_speak_http) {
  for (const std::string said :
       {"SSH-2.0-OpenSSH_9.2p1\r\n\r\n", "220 mail.example ESMTP\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n",
        "\x15\x03\x01\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", "HTTP/1.1 101 Switching\r\n\r\n",
        "HTTP/1.1 200 OK\r\n folded: line\r\n\r\n", "HTTP/1.1 99 Low\r\n\r\n"}) {
    const exchange_result got = against(say_and_hang(said), patient);
    EXPECT_EQ(got.error, exchange_error::protocol) << said << ": " << got.detail;
  }
}

TEST_F(http_client_hostile_test, a_hung_receiver_costs_the_others_nothing) {
  loopback_server hung(io, say_and_hang(""));
  loopback_server well(io, answer_all(ok_answer));
  const auto to_hung = plain_route(hung.port());
  const std::string request = small_request;
  const asio::const_buffer whole = asio::buffer(request);
  std::vector<std::future<exchange_result>> waiting;
  for (int i = 0; i < 100; ++i) {
    waiting.push_back(
        asio::co_spawn(io, client.exchange(*to_hung, {&whole, 1}, {.timeout_ms = 2'000}), asio::use_future));
  }
  const auto to_well = plain_route(well.port());
  for (int i = 0; i < 100; ++i) EXPECT_EQ(exchange(*to_well, small_request, patient).status, 200);
  EXPECT_EQ(well.accepted(), 1);
  for (auto& one : waiting) {
    while (one.wait_for(std::chrono::seconds(0)) != std::future_status::ready) io.run_one();
    EXPECT_EQ(one.get().error, exchange_error::timeout);
  }
  EXPECT_EQ(client.running(), 0U);
}

TEST_F(http_client_hostile_test, resolves_to_a_refused_address) {
  const address_guard strict;
  http_client guarded(io, names, strict, tls);
  loopback_server server(io, answer_all(ok_answer));
  for (const char* host : {"127.0.0.1", "localhost"}) {
    const auto to = guarded.open_route({false, host, server.port()});
    const std::string request = small_request;
    const asio::const_buffer whole = asio::buffer(request);
    const exchange_result got = finish(guarded.exchange(*to, {&whole, 1}, patient));
    EXPECT_EQ(got.error, exchange_error::address_refused);
    EXPECT_EQ(got.detail, host == std::string_view("localhost") ? "localhost leads to no address that may be reached"
                                                                : "127.0.0.1 may not be reached: loopback address");
  }
  EXPECT_EQ(server.accepted(), 0);
}

TEST_F(http_client_hostile_test, does_not_resolve) {
  // A name server that refuses everything: no packet leaves this machine.
  resolver deaf(io, {.servers = "127.0.0.1:1", .try_timeout_ms = 100});
  http_client lost(io, deaf, guard, tls);
  const auto to = lost.open_route({false, "hooks.example", 80});
  const std::string request = small_request;
  const asio::const_buffer whole = asio::buffer(request);
  const exchange_result got = finish(lost.exchange(*to, {&whole, 1}, patient));
  EXPECT_EQ(got.error, exchange_error::dns);
  EXPECT_NE(got.detail.find("hooks.example does not resolve"), std::string::npos) << got.detail;
}

TEST_F(http_client_hostile_test, the_deadline_covers_resolving) {
  asio::ip::udp::socket silent(io, {asio::ip::address_v4::loopback(), 0});
  resolver slow(io, {.servers = "127.0.0.1:" + std::to_string(silent.local_endpoint().port())});
  http_client waiting(io, slow, guard, tls);
  const auto to = waiting.open_route({false, "hooks.example", 80});
  const std::string request = small_request;
  const asio::const_buffer whole = asio::buffer(request);
  const exchange_result got = finish(waiting.exchange(*to, {&whole, 1}, hasty));
  EXPECT_EQ(got.error, exchange_error::timeout);
  EXPECT_EQ(got.detail, "timeout while resolving hooks.example");
}

// The deadline strikes while the replacement of a dead connection is still looking for an address.
TEST_F(http_client_hostile_test, the_deadline_covers_replacing_a_dead_connection) {
  asio::ip::udp::socket silent(io, {asio::ip::address_v4::loopback(), 0});
  resolver slow(io, {.servers = "127.0.0.1:" + std::to_string(silent.local_endpoint().port())});
  http_client waiting(io, slow, guard, tls);
  loopback_server server(io, say_and_close(""));
  const auto to = waiting.open_route({false, "hooks.example", server.port()});
  auto pooled = std::make_shared<connection>(io.get_executor());
  pooled->socket.connect({asio::ip::address_v4::loopback(), server.port()});
  pooled->socket.non_blocking(true);
  to->put_idle(std::move(pooled));
  const std::string request = small_request;
  const asio::const_buffer whole = asio::buffer(request);
  const exchange_result got = finish(waiting.exchange(*to, {&whole, 1}, hasty));
  EXPECT_EQ(got.error, exchange_error::timeout);
  EXPECT_EQ(got.detail, "timeout while resolving hooks.example");
  EXPECT_EQ(server.accepted(), 1);
}

TEST_F(http_client_hostile_test, never_reads_a_large_request) {
  const std::string request = "POST / HTTP/1.1\r\nContent-Length: 33554432\r\n\r\n" + std::string(32 << 20, 'b');
  loopback_server server(io, [](tcp::socket& socket, int) -> asio::awaitable<void> {
    co_await socket.async_wait(tcp::socket::wait_error, asio::as_tuple(asio::use_awaitable));
  });
  const auto to = plain_route(server.port());
  EXPECT_EQ(exchange(*to, request, hasty).error, exchange_error::timeout);
  loopback_server closing(io, [](tcp::socket& socket, int) -> asio::awaitable<void> {
    reset(socket);
    co_return;
  });
  EXPECT_EQ(exchange(*plain_route(closing.port()), request, patient).error, exchange_error::connection);
}

TEST_F(http_client_hostile_test, the_client_may_end_while_exchanges_run) {
  loopback_server hung(io, say_and_hang(""));
  auto doomed = std::make_unique<http_client>(io, names, guard, tls);
  const auto to = doomed->open_route({false, "127.0.0.1", hung.port()});
  const std::string request = small_request;
  const asio::const_buffer whole = asio::buffer(request);
  asio::co_spawn(io, doomed->exchange(*to, {&whole, 1}, patient), [](std::exception_ptr, exchange_result) {});
  io.poll();
  EXPECT_EQ(doomed->running(), 1U);
  doomed.reset();
}

}  // namespace
}  // namespace posthorn::net
