#include "base/hash.hpp"

#include <gtest/gtest.h>

#include <string>

namespace posthorn::base {
namespace {

// Made with an independent SipHash-2-4 under the key "posthorn order 1". Stored rows hold these values.
TEST(stable_hash, never_changes) {
  EXPECT_EQ(stable_hash("a"), 0x921e3c760cff1752U);
  EXPECT_EQ(stable_hash("user-0001"), 0xfe61d9e9f20b69bcU);
  EXPECT_EQ(stable_hash("3f2a9c52-0000-4000-8000-0123456789ab"), 0x34ef2e01b91457d9U);
  EXPECT_EQ(stable_hash("größe"), 0xde38a886cc39b8d6U);
  EXPECT_EQ(stable_hash(std::string(256, 'x')), 0xe4b83c95d4e32e0bU);
}

TEST(stable_hash, is_zero_for_the_empty_text_alone) {
  EXPECT_EQ(stable_hash(""), 0U);
  EXPECT_EQ(stable_hash(std::string_view("\0", 1)), 0x98d86a76028a0839U);
}

}  // namespace
}  // namespace posthorn::base
