// Against servers of a few lines, on the same io_context.
#include "cli/patient_caller.hpp"

#include <gtest/gtest.h>

#include "unit/net/loopback.hpp"

namespace posthorn::cli {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using net::loopback_server;

std::string answer(std::string_view status, std::string_view body) {
  return "HTTP/1.1 " + std::string(status) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

class patient : public testing::Test {
 protected:
  // One call to `server`, with all repetitions.
  reply call(const loopback_server& server, std::chrono::milliseconds patience = 20s, const std::string& path = "") {
    const auto url = net::parse_endpoint_url("http://127.0.0.1:" + std::to_string(server.port()) + path,
                                             {.allow_http = true, .guard = nullptr});
    caller = std::make_unique<patient_caller>(io, url.value(), net::tls_client_context::make({}).value());
    timer = std::make_unique<asio::steady_timer>(io);
    auto result = asio::co_spawn(
        io,
        caller->call(line_of(deed::consent), "Authorization: Bearer t.o.k", R"({"accepted":true})", *timer, patience),
        asio::use_future);
    while (result.wait_for(0s) != std::future_status::ready) io.run_one();
    return result.get();
  }

  asio::io_context io;
  std::unique_ptr<patient_caller> caller;
  std::unique_ptr<asio::steady_timer> timer;
};

TEST_F(patient, sends_what_the_api_asks_for_below_the_path_of_its_url) {
  std::string seen;
  const loopback_server server(io, [&](net::tcp::socket& socket, int) -> asio::awaitable<void> {
    seen = co_await net::read_request(socket);
    co_await net::send(socket, answer("200 OK", "{}"));
  });
  const reply got = call(server, 20s, "/posthorn/");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "{}");
  EXPECT_EQ(got.failure, "");
  EXPECT_TRUE(seen.starts_with("POST /posthorn/v1/journey/consent HTTP/1.1\r\n")) << seen;
  EXPECT_TRUE(seen.contains("\r\nAuthorization: Bearer t.o.k\r\n")) << seen;
  EXPECT_TRUE(seen.contains("\r\nContent-Type: application/json\r\n")) << seen;
  EXPECT_TRUE(seen.ends_with("\r\n\r\n{\"accepted\":true}")) << seen;
}

TEST_F(patient, repeats_over_lost_connections_and_servers_that_cannot_now) {
  const loopback_server server(io, [](net::tcp::socket& socket, int connection) -> asio::awaitable<void> {
    (void)co_await net::read_request(socket);
    if (connection == 1) net::reset(socket);
    if (connection == 2) (void)co_await net::send(socket, answer("503 Service Unavailable", "{}"));
    if (connection == 3) (void)co_await net::send(socket, answer("200 OK", "there"));
  });
  EXPECT_EQ(call(server).body, "there");
  EXPECT_EQ(caller->requests(), 3u);
  EXPECT_EQ(caller->repeated(), 2u);
}

TEST_F(patient, takes_a_refusal_for_an_answer) {
  const loopback_server server(io,
                               net::answer_all(answer("422 Unprocessable Content", R"({"detail":"no such item"})")));
  const reply got = call(server);
  EXPECT_EQ(got.status, 422);
  EXPECT_EQ(got.failure, "POST /v1/journey/consent answered 422: no such item");
  EXPECT_EQ(caller->repeated(), 0u);
}

TEST_F(patient, gives_up_when_its_patience_is_at_an_end) {
  const loopback_server server(io, net::answer_all(answer("503 Service Unavailable", "down")));
  const reply got = call(server, 1ms);
  EXPECT_EQ(got.status, 503);
  EXPECT_EQ(got.failure, "POST /v1/journey/consent answered 503: down");
}

TEST_F(patient, repeats_no_more_once_stopped) {
  const loopback_server server(io, [this](net::tcp::socket& socket, int) -> asio::awaitable<void> {
    (void)co_await net::read_request(socket);
    caller->stop();
    net::reset(socket);
  });
  const reply got = call(server);
  EXPECT_EQ(got.status, 0);
  EXPECT_TRUE(got.failure.starts_with("POST /v1/journey/consent got no answer: ")) << got.failure;
  EXPECT_EQ(caller->requests(), 1u);
}

}  // namespace
}  // namespace posthorn::cli
