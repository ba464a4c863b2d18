#include "api/mailbox.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <thread>
#include <vector>

namespace posthorn::api {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> ask(mailbox& mail, std::vector<reply<int>*>& asked, int& sum) {
  reply<int> back(mail);
  asked.push_back(&back);
  sum += co_await back.receive();
}

TEST(Mailbox, EveryReplyFindsItsWaiter) {
  constexpr int count = 2'000;
  asio::io_context io(1);
  mailbox mail(io);
  std::vector<reply<int>*> asked;
  int sum = 0;
  for (int i = 0; i < count; ++i) asio::co_spawn(io, ask(mail, asked, sum), asio::detached);
  io.poll();
  ASSERT_EQ(asked.size(), static_cast<std::size_t>(count));
  std::vector<std::thread> senders;
  for (std::size_t sender = 0; sender < 2; ++sender) {
    senders.emplace_back([&asked, sender] {
      for (std::size_t i = sender; i < asked.size(); i += 2) asked[i]->send(static_cast<int>(i));
    });
  }
  io.restart();
  io.run();  // returns when every coroutine has ended
  for (std::thread& sender : senders) sender.join();
  EXPECT_EQ(sum, count * (count - 1) / 2);
}

asio::awaitable<void> answered_before(mailbox& mail, bool& done) {
  reply<int> back(mail);
  back.send(7);
  EXPECT_EQ(co_await back.receive(), 7);
  done = true;
}

TEST(Mailbox, AReplyMayComeBeforeAnyoneWaits) {
  asio::io_context io(1);
  mailbox mail(io);
  bool done = false;
  asio::co_spawn(io, answered_before(mail, done), asio::detached);
  io.run();
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace posthorn::api
