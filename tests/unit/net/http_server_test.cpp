#include "net/http_server.hpp"

#include <gtest/gtest.h>

#include <string>

#include "http_server_fixture.hpp"

namespace posthorn::net {
namespace {

std::string get(const std::string& path, const std::string& lines = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
}
std::string post(const std::string& path, const std::string& body, const std::string& lines = "") {
  return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + lines +
         "\r\n" + body;
}

TEST_F(HttpServer, AnswersAndKeepsTheConnection) {
  start();
  raw_client client = connect();
  for (int i = 0; i < 3; ++i) {
    const server_answer answer = client.ask(post("/x?q=1", "body"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "POST q=1 body");
    EXPECT_TRUE(answer.keep_alive);
    EXPECT_TRUE(answer.has_line("Server: Posthorn"));
    EXPECT_NE(answer.head.find("\r\nDate: "), std::string::npos);
  }
}

TEST_F(HttpServer, AnswersPipelinedRequestsInOrder) {
  start();
  raw_client client = connect();
  std::string wire;
  for (int i = 0; i < 200; ++i) wire += post("/x?" + std::to_string(i), std::string(static_cast<std::size_t>(i), 'b'));
  ASSERT_TRUE(client.send(wire));
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(client.read_answer().body,
              "POST " + std::to_string(i) + " " + std::string(static_cast<std::size_t>(i), 'b'));
  }
}

TEST_F(HttpServer, TakesARequestInAnyPieces) {
  start();
  const std::string whole = post("/x?q", "hello") +
                            "POST /y HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
  for (std::size_t first = 0; first <= whole.size(); ++first) {
    raw_client client = connect();
    ASSERT_TRUE(client.send(whole.substr(0, first)));
    ASSERT_TRUE(client.send(whole.substr(first)));
    EXPECT_EQ(client.read_answer().body, "POST q hello") << first;
    EXPECT_EQ(client.read_answer().body, "POST  hello") << first;
  }
}

TEST_F(HttpServer, TakesLargeBodiesBothWays) {
  start();
  raw_client client = connect();
  const std::string body(3 << 20, 'z');
  EXPECT_EQ(client.ask(post("/sized", body)).body, "POST  " + body);
  std::string coded;
  for (std::size_t at = 0; at < body.size(); at += 60'000) {
    const std::string piece = body.substr(at, 60'000);
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    coded += size + piece + "\r\n";
  }
  const std::string head = "POST /chunked HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(client.ask(head + coded + "0\r\nX-Sum: 1\r\n\r\n").body, "POST  " + body);
  EXPECT_EQ(client.ask(get("/next")).status, 200);
}

TEST_F(HttpServer, HeadIsGetWithoutTheBody) {
  start();
  raw_client client = connect();
  ASSERT_TRUE(client.send("HEAD /x?q HTTP/1.1\r\nHost: a\r\n\r\n"));
  const server_answer answer = client.read_answer(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.has_line("Content-Length: 6")) << "of: GET q ";
  EXPECT_EQ(client.ask(get("/y")).body, "GET  ") << "no stray body stands between the answers";
}

TEST_F(HttpServer, NoContentHasNoLength) {
  start();
  raw_client client = connect();
  const server_answer answer = client.ask(get("/empty"));
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.head.find("Content-Length"), std::string::npos);
  EXPECT_EQ(client.ask(get("/y")).status, 200);
}

TEST_F(HttpServer, WritesTheHandlersHeaders) {
  start();
  raw_client client = connect();
  const server_answer answer = client.ask(get("/headers"));
  EXPECT_TRUE(answer.has_line("Content-Type: text/plain"));
  EXPECT_TRUE(answer.has_line("X-Made: 1"));
  EXPECT_TRUE(answer.has_line("X-Prepared: 2"));
  EXPECT_TRUE(answer.has_line("Content-Length: 0"));
}

TEST_F(HttpServer, EndsTheConnectionWhenAskedTo) {
  start();
  raw_client asks = connect();
  const server_answer answer = asks.ask(get("/x", "Connection: close\r\n"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.has_line("Connection: close"));
  EXPECT_TRUE(asks.at_end());

  raw_client told = connect();
  EXPECT_EQ(told.ask(get("/last")).body, "bye");
  EXPECT_TRUE(told.at_end());
}

TEST_F(HttpServer, SpeaksHttp10) {
  start();
  raw_client once = connect();
  EXPECT_EQ(once.ask("GET /x HTTP/1.0\r\n\r\n").body, "GET  ");
  EXPECT_TRUE(once.at_end());

  raw_client keeps = connect();
  const server_answer answer = keeps.ask("GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(answer.has_line("Connection: keep-alive"));
  EXPECT_EQ(keeps.ask("GET /y HTTP/1.0\r\n\r\n").status, 200);
}

TEST_F(HttpServer, AsksForTheBodyOnlyOnceTheHeadIsTaken) {
  start();
  const std::string lines = "Expect: 100-continue\r\nContent-Length: 5\r\n";
  raw_client client = connect();
  ASSERT_TRUE(client.send("POST /x HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n"));
  EXPECT_EQ(client.read_answer().status, 100);
  EXPECT_EQ(client.ask("hello").body, "POST  hello");

  raw_client refused = connect();
  EXPECT_EQ(refused.ask("POST /refuse HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n").status, 401);
  EXPECT_TRUE(refused.at_end());

  raw_client chunked = connect();
  ASSERT_TRUE(
      chunked.send("POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"));
  EXPECT_EQ(chunked.read_answer().status, 100);
  EXPECT_EQ(chunked.ask("5\r\nhello\r\n0\r\n\r\n").body, "POST  hello");

  raw_client impatient = connect();
  EXPECT_EQ(impatient.ask(post("/x", "hello", "Expect: 100-continue\r\n")).body, "POST  hello")
      << "a body that is already there is not asked for";
}

TEST_F(HttpServer, RefusesAnUnknownExpectation) {
  start();
  raw_client client = connect();
  EXPECT_EQ(client.ask(get("/x", "Expect: a-miracle\r\n")).status, 417);
}

TEST_F(HttpServer, RefusesOversizeBodiesUnread) {
  start();
  raw_client announced = connect();
  const server_answer answer = announced.ask("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n");
  EXPECT_EQ(answer.status, 413);
  EXPECT_TRUE(answer.has_line("Content-Type: application/problem+json"));
  EXPECT_NE(answer.body.find("/problems/payload-too-large"), std::string::npos);
  EXPECT_EQ(handler_.last_refusal, "POST /small payload-too-large 127.0.0.1");
  EXPECT_TRUE(announced.at_end());

  raw_client sends_anyway = connect();
  sends_anyway.send(post("/small", std::string(512 << 10, 'x')));
  EXPECT_EQ(sends_anyway.read_answer().status, 413) << "the answer survives the unread body";

  raw_client chunked = connect();
  EXPECT_EQ(chunked
                .ask("POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "8\r\n12345678\r\n8\r\n12345678\r\n")
                .status,
            413);

  raw_client fits = connect();
  EXPECT_EQ(fits.ask(post("/small", "0123456789")).status, 200);
  EXPECT_EQ(handler_.handled, 1);
}

TEST_F(HttpServer, KeepsTheConnectionOverASmallRefusedBody) {
  start();
  raw_client client = connect();
  EXPECT_EQ(client.ask(post("/refuse", "hello")).status, 401);
  EXPECT_EQ(
      client.ask("POST /refuse HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n").body,
      "who are you");
  EXPECT_EQ(client.ask(post("/x", "hi")).body, "POST  hi");

  raw_client large = connect();
  large.send(post("/refuse", std::string(256 << 10, 'x')));
  EXPECT_EQ(large.read_answer().status, 401);
}

TEST_F(HttpServer, BoundsTheSumOfLargeBodies) {
  start({.bodies_bytes_max = 1 << 20});
  raw_client first = connect();
  const std::string half(700 << 10, 'x');
  const std::string wire = post("/x", half);
  ASSERT_TRUE(first.send(wire.substr(0, wire.size() - 1)));
  // The first body is known to be accounted for only when its storage is: ask until it shows.
  server_answer second;
  for (int i = 0; i < 1000 && second.status != 503; ++i) second = connect().ask(wire);
  EXPECT_EQ(second.status, 503);
  EXPECT_TRUE(second.has_line("Retry-After: 1"));
  EXPECT_EQ(first.ask(wire.substr(wire.size() - 1)).status, 200);
  EXPECT_EQ(connect().ask(wire).status, 200) << "what was taken is given back";
}

TEST_F(HttpServer, AnswersWhatItsParserRefuses) {
  start();
  const std::pair<std::string, int> table[] = {
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\nHost: a\n\n", 400},
      {"\x16\x03\x01", 400},
      {"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505},
      {get("/", "Transfer-Encoding: gzip\r\n"), 501},
      {get("/" + std::string(9000, 'a')), 414},
      {get("/", "X: " + std::string(40'000, 'a') + "\r\n"), 431},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", 400},
  };
  for (const auto& [wire, status] : table) {
    raw_client client = connect();
    client.send(wire);
    const server_answer answer = client.read_answer();
    EXPECT_EQ(answer.status, status) << wire.substr(0, 60);
    EXPECT_TRUE(answer.has_line("Content-Type: application/problem+json"));
    EXPECT_TRUE(answer.has_line("request-id: told"));
    EXPECT_TRUE(client.at_end());
  }
  EXPECT_EQ(handler_.handled, 0);
  EXPECT_EQ(handler_.refused, 8);
  EXPECT_EQ(handler_.last_refusal, "POST / malformed-request 127.0.0.1");
  EXPECT_EQ(connect().ask(get("/x")).status, 200) << "the server serves on";
}

TEST_F(HttpServer, AnHandlersExceptionIs500) {
  start();
  raw_client client = connect();
  EXPECT_EQ(client.ask(get("/throws")).status, 500);
  EXPECT_EQ(client.ask(get("/head-throws")).status, 500);
  EXPECT_EQ(client.ask(get("/x")).status, 200);
}

TEST_F(HttpServer, BelievesOnlyATrustedProxy) {
  const std::vector<std::string> networks{"127.0.0.0/8"};
  start({.proxies = trusted_proxies::parse(networks).value()});
  raw_client client = connect();
  EXPECT_EQ(client.ask(get("/who", "X-Forwarded-For: 6.6.6.6, 1.2.3.4\r\nX-Forwarded-Proto: https\r\n")).body,
            "1.2.3.4 tls ");
  EXPECT_EQ(client.ask(get("/who", "X-Request-Id: r-1\r\n")).body, "127.0.0.1 plain r-1");
  EXPECT_EQ(client.ask(get("/who", "X-Request-Id: r 1\r\n")).body, "127.0.0.1 plain ");
}

TEST_F(HttpServer, DoesNotBelieveAnybodyElse) {
  start();
  EXPECT_EQ(connect().ask(get("/who", "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\n")).body,
            "127.0.0.1 plain ");
}

TEST_F(HttpServer, SaysThatItIsFull) {
  start({.connections_max = 1});
  raw_client first = connect();
  ASSERT_TRUE(first.send(get("/hold")));
  handler_.entered.get_future().wait();
  raw_client second = connect();
  const server_answer answer = second.ask(get("/x"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_TRUE(answer.has_line("Retry-After: 1"));
  EXPECT_EQ(handler_.last_refusal, "  queue-full 127.0.0.1") << "nothing was read";
  EXPECT_TRUE(second.at_end());
  on_server([&] { handler_.open_gate(); });
  EXPECT_EQ(first.read_answer().status, 200);
}

TEST_F(HttpServer, LetsTheIdlestConnectionGoForANewOne) {
  start({.connections_max = 2});
  raw_client idlest = connect();
  ASSERT_EQ(idlest.ask(get("/x")).status, 200);
  raw_client busy = connect();
  ASSERT_TRUE(busy.send(get("/hold")));
  handler_.entered.get_future().wait();
  raw_client third = connect();
  EXPECT_EQ(third.ask(get("/x")).status, 200);
  EXPECT_TRUE(idlest.at_end());
  on_server([&] { handler_.open_gate(); });
  EXPECT_EQ(busy.read_answer().status, 200);
  EXPECT_EQ(third.ask(get("/x")).status, 200);
}

TEST_F(HttpServer, TellsWhyItCannotListen) {
  start();
  const auto listen_with = [this](http_server_options options) {
    return http_server(std::move(options), handler_, io_).listen();
  };
  const auto taken = on_server([&] { return listen_with({.port = server_->port()}); });
  ASSERT_FALSE(taken.has_value());
  EXPECT_EQ(taken.error().code, base::fault::io_error);
  const auto nonsense = on_server([&] { return listen_with({.host = "example.invalid"}); });
  ASSERT_FALSE(nonsense.has_value());
  EXPECT_EQ(nonsense.error().code, base::fault::invalid_configuration);
}

TEST_F(HttpServer, SharesItsPortWithItsOwn) {
  start();
  boost::asio::io_context other_io;
  http_server other({.port = server_->port(), .joins_port = true}, handler_, other_io);
  EXPECT_TRUE(other.listen().has_value());
  EXPECT_EQ(other.port(), server_->port());
}

}  // namespace
}  // namespace posthorn::net
