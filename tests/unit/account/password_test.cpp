#include "account/password.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

namespace posthorn::account {
namespace {

constexpr std::size_t little_memory = crypto_pwhash_MEMLIMIT_MIN;

TEST(password, is_known_by_its_hash_alone) {
  password_hasher passwords(little_memory);
  const std::string hash = passwords.hash("correct horse battery").value();
  EXPECT_TRUE(hash.starts_with("$argon2id$")) << hash;
  EXPECT_TRUE(passwords.matches(hash, "correct horse battery").value());
  EXPECT_FALSE(passwords.matches(hash, "correct horse batterY").value());
  EXPECT_FALSE(passwords.matches(hash, "").value());
  EXPECT_FALSE(passwords.matches("", "correct horse battery").value()) << "nobody's";
  EXPECT_NE(passwords.hash("correct horse battery").value(), hash) << "each has a salt of its own";
}

TEST(password, costs_what_it_should) {
  password_hasher passwords;
  EXPECT_NE(passwords.hash("correct horse battery").value().find("m=65536,"), std::string::npos);
}

TEST(password, is_weighed_with_every_byte) {
  password_hasher passwords(little_memory);
  const std::string hash = passwords.hash(std::string("a\0b", 3)).value();
  EXPECT_TRUE(passwords.matches(hash, std::string("a\0b", 3)).value());
  EXPECT_FALSE(passwords.matches(hash, std::string("a\0c", 3)).value());
}

}  // namespace
}  // namespace posthorn::account
