#include "account/derived_key.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"

namespace posthorn::account {
namespace {

// RFC 5869, test case 3: no salt, no info; the first 32 of its 42 bytes.
TEST(DerivedKey, IsHkdfWithSha256) {
  EXPECT_EQ(base::to_hex(derived_key(std::string(22, '\x0b'), "")),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

TEST(DerivedKey, IsAnotherForEveryPurposeAndMasterKey) {
  const std::string master(32, 'k');
  EXPECT_EQ(derived_key(master, "tokens"), derived_key(master, "tokens"));
  EXPECT_NE(derived_key(master, "tokens"), derived_key(master, "token"));
  EXPECT_NE(derived_key(master, "tokens"), derived_key(std::string(32, 'l'), "tokens"));
  EXPECT_EQ(derived_key(master, "tokens").size(), 32u);
}

}  // namespace
}  // namespace posthorn::account
