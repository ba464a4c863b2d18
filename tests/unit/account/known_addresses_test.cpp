#include "account/known_addresses.hpp"

#include <gtest/gtest.h>

namespace posthorn::account {
namespace {

constexpr base::epoch_ms now = 1000;

TEST(known_addresses, tell_whether_an_account_was_entered_from_there_and_no_more) {
  known_addresses known("a secret of 16 b");
  const std::string digest = known.digest_of("anna@example.com", 7);
  EXPECT_EQ(digest.size(), 16U);
  EXPECT_FALSE(known.contains("anna@example.com", 7, now));
  known.put(digest, now + 1);
  EXPECT_TRUE(known.contains("ANNA@example.com", 7, now));
  EXPECT_FALSE(known.contains("anna@example.com", 8, now));
  EXPECT_FALSE(known.contains("ben@example.com", 7, now));
  known.erase(digest);
  EXPECT_FALSE(known.contains("anna@example.com", 7, now));
  EXPECT_NE(known_addresses("another secret 16").digest_of("anna@example.com", 7), digest)
      << "without the store's key it cannot be told";
}

TEST(known_addresses, are_forgotten_when_their_time_is_over) {
  known_addresses known("a secret of 16 b");
  const std::string digest = known.digest_of("anna@example.com", 7);
  known.put(digest, now + 10);
  EXPECT_TRUE(known.contains("anna@example.com", 7, now + 9));
  EXPECT_FALSE(known.contains("anna@example.com", 7, now + 10));
  known.put(digest, now + 5);
  EXPECT_TRUE(known.contains("anna@example.com", 7, now + 9)) << "an earlier time takes nothing back";
}

}  // namespace
}  // namespace posthorn::account
