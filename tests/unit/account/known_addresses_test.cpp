#include "account/known_addresses.hpp"

#include <gtest/gtest.h>

namespace posthorn::account {
namespace {

TEST(known_addresses, tell_whether_an_account_was_entered_from_there_and_no_more) {
  known_addresses known("a secret of 16 b");
  const std::string digest = known.digest_of("anna@example.com", 7);
  EXPECT_EQ(digest.size(), 16U);
  EXPECT_FALSE(known.contains("anna@example.com", 7));
  known.put(digest);
  EXPECT_TRUE(known.contains("ANNA@example.com", 7));
  EXPECT_FALSE(known.contains("anna@example.com", 8));
  EXPECT_FALSE(known.contains("ben@example.com", 7));
  known.erase(digest);
  EXPECT_FALSE(known.contains("anna@example.com", 7));
  EXPECT_NE(known_addresses("another secret 16").digest_of("anna@example.com", 7), digest)
      << "without the store's key it cannot be told";
}

}  // namespace
}  // namespace posthorn::account
