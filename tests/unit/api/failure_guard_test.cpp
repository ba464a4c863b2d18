#include "api/failure_guard.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace posthorn::api {
namespace {

namespace ip = boost::asio::ip;
namespace limits = base::limits;

class set_clock final : public base::clock {
 public:
  base::epoch_ms now = 1'000'000;
  base::epoch_ms wall() const noexcept override { return 0; }
  base::epoch_ms engine() const noexcept override { return now; }
  void raise_engine(base::epoch_ms) noexcept override {}
};

class FailureGuard : public testing::Test {
 protected:
  void use_up(const std::string& address) {
    for (int i = 0; i < limits::auth_failures_burst; ++i) EXPECT_EQ(guard_.note(ip::make_address(address)), 0) << i;
  }
  std::int64_t wait(const std::string& address) { return guard_.wait_ms(ip::make_address(address)); }

  set_clock clock_;
  failure_guard guard_{clock_};
};

TEST_F(FailureGuard, MakesAnAddressWaitThatFailsTooOften) {
  EXPECT_EQ(wait("192.0.2.1"), 0);
  use_up("192.0.2.1");
  EXPECT_EQ(wait("192.0.2.1"), limits::auth_failure_ms);
  EXPECT_EQ(guard_.note(ip::make_address("192.0.2.1")), limits::auth_failure_ms);
  EXPECT_EQ(wait("192.0.2.2"), 0);
  EXPECT_EQ(guard_.failures(), static_cast<std::uint64_t>(limits::auth_failures_burst) + 1);
  EXPECT_EQ(guard_.refused(), 1U);
  clock_.now += limits::auth_failure_ms;
  EXPECT_EQ(wait("192.0.2.1"), 0);
}

TEST_F(FailureGuard, TakesTheSubscribersNetworkAsOneAddress) {
  use_up("2001:db8:1:2::1");
  EXPECT_GT(wait("2001:db8:1:2:ffff::9"), 0);
  EXPECT_EQ(wait("2001:db8:1:3::1"), 0);
  use_up("::ffff:192.0.2.7");
  EXPECT_GT(wait("192.0.2.7"), 0);
}

TEST_F(FailureGuard, RemembersABoundedNumberOfAddresses) {
  use_up("192.0.2.1");
  for (std::size_t i = 0; i + 1 < limits::auth_failure_addresses_max; ++i) {
    EXPECT_EQ(guard_.note(ip::address_v4(static_cast<std::uint32_t>(0x0a000000 + i))), 0);
  }
  EXPECT_GT(wait("192.0.2.1"), 0);
  EXPECT_EQ(guard_.note(ip::make_address("198.51.100.1")), 0);
  EXPECT_EQ(wait("192.0.2.1"), 0) << "the one that failed longest ago made room";
}

}  // namespace
}  // namespace posthorn::api
