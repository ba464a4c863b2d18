// Deadlines and stopping.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>

#include "http_server_fixture.hpp"

namespace posthorn::net {
namespace {

constexpr int soon_ms = 40;

TEST_F(HttpServer, ASlowHeadIsAnswered408) {
  start({.head_timeout_ms = soon_ms});
  raw_client client = connect();
  const server_answer answer = client.ask("GET / HTTP/1.1\r\nHost:");
  EXPECT_EQ(answer.status, 408);
  EXPECT_NE(answer.body.find("head did not arrive in time"), std::string::npos);
  EXPECT_TRUE(client.at_end());
}

TEST_F(HttpServer, AConnectionThatSaysNothingIsClosed) {
  start({.head_timeout_ms = soon_ms});
  EXPECT_TRUE(connect().at_end());
}

// A byte now and then does not prolong the deadline.
TEST_F(HttpServer, ADrippingHeadIsAnswered408) {
  start({.head_timeout_ms = soon_ms});
  raw_client client = connect();
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nX: "));
  std::promise<void> answered;
  std::thread drip([&client, done = answered.get_future()] {
    while (done.wait_for(std::chrono::milliseconds(5)) == std::future_status::timeout) {
      if (!client.send("x")) break;
    }
  });
  EXPECT_EQ(client.read_answer().status, 408);
  answered.set_value();
  drip.join();
}

TEST_F(HttpServer, ASlowBodyIsAnswered408) {
  start({.body_timeout_ms = soon_ms});
  raw_client sized = connect();
  EXPECT_EQ(sized.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell").status, 408);
  raw_client chunked = connect();
  EXPECT_EQ(chunked.ask("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhell").status, 408);
  raw_client invited = connect();
  ASSERT_TRUE(invited.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(invited.read_answer().status, 100);
  EXPECT_EQ(invited.read_answer().status, 408);
  EXPECT_EQ(handler_.handled, 0);
}

TEST_F(HttpServer, AnIdleConnectionIsClosed) {
  start({.idle_timeout_ms = soon_ms});
  raw_client client = connect();
  EXPECT_EQ(client.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
  EXPECT_TRUE(client.at_end());
}

TEST_F(HttpServer, AHandlerMayTakeLongerThanAnyDeadline) {
  start({.head_timeout_ms = soon_ms, .body_timeout_ms = soon_ms, .idle_timeout_ms = soon_ms});
  raw_client client = connect();
  ASSERT_TRUE(client.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n"));
  handler_.entered.get_future().wait();
  EXPECT_TRUE(connect().at_end()) << "a whole deadline has passed meanwhile";
  on_server([this] { handler_.open_gate(); });
  EXPECT_EQ(client.read_answer().status, 200);
}

TEST_F(HttpServer, AReaderThatDoesNotReadIsDropped) {
  start({.write_timeout_ms = soon_ms});
  raw_client client = connect();
  ASSERT_TRUE(client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n"));
  const auto give_up_at = std::chrono::steady_clock::now() + std::chrono::seconds(patience_s);
  while (on_server([this] { return handler_.handled.load() == 0 || server_->connections() > 0; })) {
    ASSERT_LT(std::chrono::steady_clock::now(), give_up_at);
    std::this_thread::yield();
  }
  EXPECT_EQ(client.read_answer().status, 0) << "the answer was cut off";
}

TEST_F(HttpServer, StopLetsARunningRequestFinish) {
  start({.lingering_close_timeout_ms = soon_ms});
  raw_client idle = connect();
  ASSERT_EQ(idle.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
  raw_client silent = connect();
  raw_client busy = connect();
  ASSERT_TRUE(busy.send("GET /hold?q HTTP/1.1\r\nHost: a\r\n\r\n"));
  handler_.entered.get_future().wait();
  raw_client begun = connect();
  ASSERT_TRUE(begun.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  ASSERT_EQ(begun.read_answer().status, 100);

  std::promise<void> stopped;
  auto is_stopped = stopped.get_future();
  on_server([&] { server_->stop([&stopped] { stopped.set_value(); }); });
  EXPECT_TRUE(idle.at_end());
  EXPECT_TRUE(silent.at_end());
  EXPECT_FALSE(connect().connected());
  EXPECT_NE(is_stopped.wait_for(std::chrono::seconds(0)), std::future_status::ready);

  const server_answer second = begun.ask("hi");
  EXPECT_EQ(second.body, "POST  hi");
  EXPECT_TRUE(second.has_line("Connection: close"));
  on_server([this] { handler_.open_gate(); });
  const server_answer first = busy.read_answer();
  EXPECT_EQ(first.body, "GET q ");
  EXPECT_TRUE(first.has_line("Connection: close"));
  EXPECT_EQ(is_stopped.wait_for(std::chrono::seconds(patience_s)), std::future_status::ready);
  thread_.join();  // the io_context has no work left
}

TEST_F(HttpServer, StopWithoutConnectionsIsDoneAtOnce) {
  start();
  std::promise<void> stopped;
  on_server([&] { server_->stop([&stopped] { stopped.set_value(); }); });
  stopped.get_future().wait();
  thread_.join();
}

TEST_F(HttpServer, AbortClosesEverything) {
  start();
  raw_client busy = connect();
  ASSERT_TRUE(busy.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell"));
  raw_client idle = connect();
  ASSERT_EQ(idle.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
  on_server([this] {
    server_->stop();
    server_->abort();
  });
  thread_.join();
  EXPECT_EQ(busy.read_answer().status, 0);
  EXPECT_TRUE(idle.at_end());
}

}  // namespace
}  // namespace posthorn::net
