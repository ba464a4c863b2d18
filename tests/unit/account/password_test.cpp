#include "account/password.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

#include <string>
#include <vector>

namespace posthorn::account {
namespace {

constexpr std::size_t little_memory = crypto_pwhash_MEMLIMIT_MIN;

bool matches(password_hasher& passwords, const std::string& stored, std::string_view password) {
  return passwords.find_match({&stored, 1}, password).has_value();
}

TEST(password, is_known_by_its_hash_alone) {
  password_hasher passwords(little_memory);
  const std::string hash = passwords.hash("correct horse battery");
  EXPECT_TRUE(hash.starts_with("$argon2id$")) << hash;
  EXPECT_TRUE(matches(passwords, hash, "correct horse battery"));
  EXPECT_FALSE(matches(passwords, hash, "correct horse batterY"));
  EXPECT_FALSE(matches(passwords, hash, ""));
  EXPECT_FALSE(passwords.find_match({}, "correct horse battery")) << "nobody's";
  EXPECT_NE(passwords.hash("correct horse battery"), hash) << "each has a salt of its own";
}

TEST(password, is_stored_as_libsodium_stores_it) {
  password_hasher passwords(little_memory);
  const std::string ours = passwords.hash("correct horse battery");
  EXPECT_EQ(crypto_pwhash_str_verify(ours.c_str(), "correct horse battery", 21), 0) << ours;
  std::string theirs(crypto_pwhash_STRBYTES, '\0');
  ASSERT_EQ(crypto_pwhash_str(theirs.data(), "correct horse battery", 21, 3, 2 * little_memory), 0);
  theirs.resize(theirs.find('\0'));
  EXPECT_TRUE(matches(passwords, theirs, "correct horse battery")) << theirs;
  EXPECT_FALSE(matches(passwords, theirs, "another horse"));
  EXPECT_FALSE(matches(passwords, "no hash at all", "another horse"));
}

TEST(password, is_found_among_several_of_one_salt) {
  password_hasher passwords(little_memory);
  const std::string first = passwords.hash("correct horse battery");
  const std::string second = passwords.hash("a better horse", first);
  EXPECT_EQ(first.substr(0, first.rfind('$')), second.substr(0, second.rfind('$'))) << "compared at the price of one";
  EXPECT_NE(first, second);
  const std::vector<std::string> all{first, second, second, passwords.hash("a third horse")};
  EXPECT_EQ(passwords.find_match(all, "correct horse battery"), 0U);
  EXPECT_EQ(passwords.find_match(all, "a better horse"), 1U);
  EXPECT_EQ(passwords.find_match(all, "a third horse"), 3U);
  EXPECT_EQ(passwords.find_match(all, "a fourth horse"), std::nullopt);
}

TEST(password, costs_what_it_should) {
  password_hasher passwords;
  EXPECT_NE(passwords.hash("correct horse battery").find("m=65536,"), std::string::npos);
}

TEST(password, is_weighed_with_every_byte) {
  password_hasher passwords(little_memory);
  const std::string hash = passwords.hash(std::string("a\0b", 3));
  EXPECT_TRUE(matches(passwords, hash, std::string("a\0b", 3)));
  EXPECT_FALSE(matches(passwords, hash, std::string("a\0c", 3)));
}

}  // namespace
}  // namespace posthorn::account
