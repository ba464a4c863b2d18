#include "signing/hmac_key.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/encoding.hpp"

namespace posthorn::signing {
namespace {

template <hash H>
std::string hex(hmac_key<H>& key, std::vector<std::string_view> parts) {
  const auto mac = key.sign(parts);
  return base::to_hex({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

// RFC 4231, test case 2.
constexpr std::string_view message = "what do ya want for nothing?";
constexpr std::string_view sha256_hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
constexpr std::string_view sha512_hex =
    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b63"
    "6e070a38bce737";

TEST(hmac_key, matches_rfc_4231) {
  hmac_key<hash::sha256> sha256("Jefe");
  hmac_key<hash::sha512> sha512("Jefe");
  EXPECT_EQ(hex(sha256, {message}), sha256_hex);
  EXPECT_EQ(hex(sha512, {message}), sha512_hex);
}

TEST(hmac_key, is_the_same_after_other_messages) {
  hmac_key<hash::sha512> key("Jefe");
  for (const std::size_t size : std::initializer_list<std::size_t>{0, 1, 127, 128, 129, 4096}) {
    const std::string other(size, 'x');
    (void)key.sign(std::vector<std::string_view>{other});
    EXPECT_EQ(hex(key, {message}), sha512_hex);
  }
}

TEST(hmac_key, joins_parts_without_separator) {
  hmac_key<hash::sha256> key("Jefe");
  EXPECT_EQ(hex(key, {"what do ya ", "", "want for ", "nothing?"}), sha256_hex);
}

TEST(hmac_key, hashes_keys_longer_than_a_block) {
  // RFC 4231, test case 6.
  hmac_key<hash::sha256> key(std::string(131, '\xaa'));
  EXPECT_EQ(hex(key, {"Test Using Larger Than Block-Size Key - Hash Key First"}),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(hmac_key, takes_an_empty_key_and_an_empty_message) {
  constexpr std::string_view expected = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
  hmac_key<hash::sha256> null_view{std::string_view()};
  hmac_key<hash::sha256> empty("");
  EXPECT_EQ(hex(null_view, {}), expected);
  EXPECT_EQ(hex(empty, {std::string_view()}), expected);
}

TEST(hmac_key, moves_with_its_key) {
  hmac_key<hash::sha256> first("Jefe");
  hmac_key<hash::sha256> second(std::move(first));
  EXPECT_EQ(hex(second, {message}), sha256_hex);
  first = hmac_key<hash::sha256>("Jefe");
  EXPECT_EQ(hex(first, {message}), sha256_hex);
}

}  // namespace
}  // namespace posthorn::signing
