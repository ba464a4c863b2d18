// Whose password is hashed next, and the thread that does it.
#include "account/hash_queue.hpp"

#include <gtest/gtest.h>

#include <future>
#include <string>

namespace posthorn::account {
namespace {

using base::fault;

class hash_turns_test : public testing::Test {
 protected:
  base::result<void> put(char account, std::uint64_t address, bool is_known = false) {
    return turns_.put({.account = static_cast<std::uint64_t>(account), .address = address, .is_known = is_known},
                      [this, account] { order_ += account; });
  }
  // Does what waits, one after the other; the accounts in that order.
  std::string work_off() {
    while (auto next = turns_.take()) {
      next->work();
      turns_.done(next->of);
    }
    return std::exchange(order_, {});
  }

  hash_turns turns_;
  std::string order_;
};

TEST_F(hash_turns_test, let_accounts_take_turns) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(put('a', 1));
  ASSERT_TRUE(put('b', 2));
  ASSERT_TRUE(put('c', 3));
  ASSERT_TRUE(put('b', 2));
  EXPECT_EQ(work_off(), "abcaba");
}

TEST_F(hash_turns_test, take_few_of_one_account_and_of_one_address) {
  for (std::size_t i = 0; i < login_limits::hashes_of_account_max; ++i) ASSERT_TRUE(put('a', i));
  const auto refused = put('a', 99);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, fault::too_many_requests);
  EXPECT_EQ(refused.error().retry_after_s, 1);
  EXPECT_TRUE(put('b', 99)) << "another account, the same address";
  ASSERT_TRUE(put('a', 98, true)) << "who is known does not wait for strangers who name the account";
  turns_.done(turns_.take()->of);

  const auto in_hand = turns_.take();
  EXPECT_FALSE(put('a', 99)) << "the one in hand counts";
  turns_.done(in_hand->of);
  EXPECT_TRUE(put('a', 99));

  std::size_t taken = 2;  // from address 99
  while (put(static_cast<char>('c' + taken), 99)) ++taken;
  EXPECT_EQ(taken, login_limits::hashes_of_address_max);
}

TEST_F(hash_turns_test, keep_a_line_for_addresses_that_are_known) {
  std::uint64_t stranger = 1000;
  while (put(static_cast<char>(stranger), stranger / 4)) ++stranger;
  EXPECT_EQ(stranger - 1000, login_limits::hashes_waiting_max);
  ASSERT_TRUE(put('m', 1, true)) << "members are still let in";
  ASSERT_TRUE(put('n', 2, true));
  const std::string order = work_off();
  EXPECT_EQ(order.find('m'), 0U);
  EXPECT_EQ(order.find('n'), 2U) << "and are every second one, no more";
}

TEST(hash_queue_test, works_one_after_the_other_and_ends_with_the_one_in_hand) {
  hash_queue queue;
  std::promise<void> begun, go_on;
  bool dropped = true;
  std::string order;
  ASSERT_TRUE(queue.put({.account = 1, .address = 1}, [&] {
    begun.set_value();
    go_on.get_future().wait();
    order += 'a';
  }));
  begun.get_future().wait();
  std::promise<void> second;
  ASSERT_TRUE(queue.put({.account = 2, .address = 2}, [&] {
    order += 'b';
    second.set_value();
  }));
  go_on.set_value();
  second.get_future().wait();
  EXPECT_EQ(order, "ab");
  queue.stop();
  ASSERT_TRUE(queue.put({.account = 3, .address = 3}, [&] { dropped = false; }));
  queue.stop();
  EXPECT_TRUE(dropped) << "what comes after the end is not done";
}

TEST(hash_queue_test, counts_whom_it_refuses) {
  hash_queue queue;
  std::promise<void> go_on;
  const std::shared_future<void> gate = go_on.get_future().share();
  for (std::size_t i = 0; i < login_limits::hashes_of_account_max; ++i) {
    ASSERT_TRUE(queue.put({.account = 1, .address = 1}, [gate] { gate.wait(); }));
  }
  EXPECT_FALSE(queue.put({.account = 1, .address = 1}, [] {}));
  EXPECT_EQ(queue.refused(), 1U);
  go_on.set_value();
}

}  // namespace
}  // namespace posthorn::account
