#include "net/resolver.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "support/name_server.hpp"
#include "unit/net/loopback.hpp"

namespace posthorn::net {
namespace {

class resolver_test : public testing::Test {
 protected:
  asio::awaitable<shared_resolution> resolve(std::string host) {
    asio::steady_timer wait(io);
    co_return co_await names.resolve(host, wait);
  }
  shared_resolution ask(const std::string& host) {
    auto value = asio::co_spawn(io, resolve(host), asio::use_future);
    io.restart();
    while (value.wait_for(std::chrono::seconds(0)) != std::future_status::ready) io.run_one();
    return value.get();
  }

  asio::io_context io{1};
  test::name_server server{io};
  resolver names{io, {.servers = server.address(), .try_timeout_ms = 200, .timeout_ms = 300}};
};

TEST_F(resolver_test, resolves_a_name_once_and_then_from_the_cache) {
  server.names["hooks.example"] = "192.0.2.7";
  for (int i = 0; i < 3; ++i) {
    const shared_resolution found = ask("hooks.example");
    ASSERT_EQ(found->addresses.size(), 1U) << found->failure;
    EXPECT_EQ(found->addresses[0].to_string(), "192.0.2.7");
  }
  EXPECT_EQ(names.lookups(), 1U);
  EXPECT_EQ(server.questions["hooks.example"], 1);
}

TEST_F(resolver_test, shares_one_lookup_between_concurrent_questions) {
  server.names["hooks.example"] = "192.0.2.7";
  std::vector<std::future<shared_resolution>> all;
  for (int i = 0; i < 50; ++i) all.push_back(asio::co_spawn(io, resolve("hooks.example"), asio::use_future));
  EXPECT_EQ(ask("hooks.example")->addresses.size(), 1U);
  while (all.back().wait_for(std::chrono::seconds(0)) != std::future_status::ready) io.run_one();
  for (auto& one : all) EXPECT_EQ(one.get()->addresses.size(), 1U);
  EXPECT_EQ(names.lookups(), 1U);
}

TEST_F(resolver_test, says_that_a_name_does_not_exist_and_remembers_it_for_a_while) {
  const shared_resolution missing = ask("nowhere.example");
  EXPECT_TRUE(missing->addresses.empty());
  EXPECT_NE(missing->failure.find("not found"), std::string::npos) << missing->failure;
  EXPECT_TRUE(ask("nowhere.example")->addresses.empty());
  EXPECT_EQ(names.lookups(), 1U);
}

TEST_F(resolver_test, a_name_that_is_never_answered_fails_in_time_and_holds_up_nobody) {
  server.names["slow.example"] = "";
  server.names["fast.example"] = "192.0.2.8";
  auto slow = asio::co_spawn(io, resolve("slow.example"), asio::use_future);
  EXPECT_EQ(ask("fast.example")->addresses.size(), 1U);
  EXPECT_NE(slow.wait_for(std::chrono::seconds(0)), std::future_status::ready);
  while (slow.wait_for(std::chrono::seconds(0)) != std::future_status::ready) io.run_one();
  EXPECT_EQ(slow.get()->failure, "no DNS answer in time");
}

TEST_F(resolver_test, a_cancelled_wait_ends_while_the_lookup_goes_on) {
  server.names["slow.example"] = "";
  asio::steady_timer wait(io);
  auto value = asio::co_spawn(io, names.resolve("slow.example", wait), asio::use_future);
  io.poll();
  wait.cancel();
  while (value.wait_for(std::chrono::seconds(0)) != std::future_status::ready) io.run_one();
  EXPECT_EQ(value.get()->failure, "cancelled");
}

TEST_F(resolver_test, a_dead_server_is_a_failure) {
  server.stop();
  const shared_resolution found = ask("hooks.example");
  EXPECT_TRUE(found->addresses.empty());
  EXPECT_FALSE(found->failure.empty());
}

TEST_F(resolver_test, localhost_is_loopback_and_nobody_is_asked) {
  const shared_resolution found = ask("localhost");
  ASSERT_FALSE(found->addresses.empty()) << found->failure;
  for (const auto& address : found->addresses) EXPECT_TRUE(address.is_loopback());
  EXPECT_EQ(server.questions["localhost"], 0);
}

TEST_F(resolver_test, numbers_are_not_looked_up) {
  EXPECT_EQ(ask("192.0.2.1")->addresses.at(0).to_string(), "192.0.2.1");
  EXPECT_EQ(ask("2001:db8::1")->addresses.at(0).to_string(), "2001:db8::1");
  EXPECT_EQ(names.lookups(), 0U);
}

TEST_F(resolver_test, names_are_complete_as_they_stand) {
  EXPECT_TRUE(ask("short")->addresses.empty());
  EXPECT_EQ(server.questions.size(), 1U) << "no search list was tried";
}

TEST(resolver, may_end_while_a_question_is_open) {
  asio::io_context io{1};
  test::name_server server(io);
  server.names["slow.example"] = "";
  auto names = std::make_unique<resolver>(io, resolver_options{.servers = server.address()});
  asio::steady_timer wait(io);
  auto value = asio::co_spawn(io, names->resolve("slow.example", wait), asio::use_future);
  io.poll();
  names.reset();
  while (value.wait_for(std::chrono::seconds(0)) != std::future_status::ready) io.run_one();
  EXPECT_TRUE(value.get()->addresses.empty());
}

TEST(resolver, a_server_list_that_cannot_be_read_is_a_failure) {
  asio::io_context io{1};
  resolver names(io, {.servers = "not a server"});
  asio::steady_timer wait(io);
  auto value = asio::co_spawn(io, names.resolve("hooks.example", wait), asio::use_future);
  io.run();
  EXPECT_FALSE(value.get()->failure.empty());
}

}  // namespace
}  // namespace posthorn::net
