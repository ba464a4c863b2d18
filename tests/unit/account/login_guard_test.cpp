#include "account/login_guard.hpp"

#include <gtest/gtest.h>

namespace posthorn::account {
namespace {

class manual_clock final : public base::clock {
 public:
  [[nodiscard]] base::epoch_ms wall() const noexcept override { return now; }
  [[nodiscard]] base::epoch_ms engine() const noexcept override { return now; }
  void raise_engine(base::epoch_ms) noexcept override {}
  base::epoch_ms now = 1'800'000'000'000;
};

class login_guard_test : public testing::Test {
 protected:
  static password_try from(std::uint64_t address, std::string_view email = "anna@example.com") {
    return {.account = account_key(password_use::login, email), .address = address};
  }
  static password_try from_known(std::uint64_t address) {
    password_try known = from(address);
    known.is_known = true;
    return known;
  }
  void fail(const password_try& of, int times) {
    for (int i = 0; i < times; ++i) guard_.note_failure(of);
  }

  manual_clock clock_;
  login_guard guard_{clock_};
};

TEST_F(login_guard_test, lets_nobody_lock_others_out_from_elsewhere) {
  fail(from(1), login_limits::failures_burst);
  EXPECT_EQ(guard_.wait_ms(from(1)), login_limits::failure_ms);
  EXPECT_EQ(guard_.wait_ms(from(2)), 0) << "another address, the same account";
  EXPECT_EQ(guard_.wait_ms(from(1, "ben@example.com")), 0) << "the same address, another account";
  EXPECT_EQ(guard_.wait_ms(from(1, "ANNA@example.com")), login_limits::failure_ms) << "case is nothing";
  clock_.now += login_limits::failure_ms;
  EXPECT_EQ(guard_.wait_ms(from(1)), 0);
  EXPECT_EQ(guard_.refused(), 2U);
}

TEST_F(login_guard_test, makes_strangers_wait_after_so_many_failures_from_wherever_and_no_member_at_home) {
  for (std::uint64_t i = 0; i < login_limits::account_failures_max; ++i) {
    EXPECT_EQ(guard_.wait_ms(from(100 + i)), 0) << i;
    guard_.note_failure(from(100 + i));
    clock_.now += 1;
  }
  EXPECT_EQ(guard_.wait_ms(from(7)),
            login_limits::account_failures_window_ms - static_cast<std::int64_t>(login_limits::account_failures_max));
  EXPECT_EQ(guard_.wait_ms(from_known(7)), 0);
  EXPECT_EQ(guard_.wait_ms(from(7, "ben@example.com")), 0);
  fail(from_known(7), login_limits::failures_burst);
  EXPECT_GT(guard_.wait_ms(from_known(7)), 0) << "at home, too, nobody guesses for ever";
  clock_.now += login_limits::account_failures_window_ms;
  EXPECT_EQ(guard_.wait_ms(from(7)), 0);
}

TEST_F(login_guard_test, limits_successes) {
  for (int i = 0; i < login_limits::successes_burst; ++i) {
    EXPECT_EQ(guard_.wait_ms(from_known(1)), 0);
    guard_.note_success(from_known(1));
  }
  EXPECT_EQ(guard_.wait_ms(from_known(1)), login_limits::success_ms);
  EXPECT_EQ(guard_.wait_ms(from(2)), 0) << "nobody locks others out from elsewhere";
  EXPECT_EQ(guard_.wait_ms(from(1, "ben@example.com")), 0);
}

TEST_F(login_guard_test, keeps_logins_that_name_an_id_apart_from_the_change_of_that_members_password) {
  const password_try login{.account = account_key(password_use::login, "mem_0000000000001"), .address = 1};
  const password_try change{.account = account_key(password_use::change, "mem_0000000000001"), .address = 1};
  fail(login, 10 * login_limits::failures_burst);
  EXPECT_GT(guard_.wait_ms(login), 0);
  EXPECT_EQ(guard_.wait_ms(change), 0);
}

TEST(recent_entries_test, forget_what_was_not_used_for_longest) {
  recent_entries<int> entries(2);
  entries.use(1) = 10;
  entries.use(2) = 20;
  entries.use(1) = 11;
  entries.use(3) = 30;
  EXPECT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries.find(2), nullptr);
  ASSERT_NE(entries.find(1), nullptr);
  EXPECT_EQ(*entries.find(1), 11);
}

}  // namespace
}  // namespace posthorn::account
