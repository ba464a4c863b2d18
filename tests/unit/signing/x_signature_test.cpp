// docs/contract.md section 2.3.
#include "signing/x_signature.hpp"

#include "unit/signing/vectors.hpp"

namespace posthorn::signing {
namespace {

TEST(x_signature, signs_and_verifies_every_vector) {
  const auto file = vectors::load("x_signature.json");
  const auto& all = file.at("vectors").as_array();
  ASSERT_GE(all.size(), 8u);
  for (const auto& vector : all) {
    SCOPED_TRACE(vectors::text(vector, "name"));
    x_signature_key key(vectors::text(vector, "api_key"));
    const std::string expected = vectors::text(vector, "x_signature");
    std::string signature;
    key.append(signature, vectors::body_of(vector));
    EXPECT_EQ(signature, expected);
    EXPECT_TRUE(key.matches(expected, vectors::body_of(vector)));
  }
}

TEST(x_signature, refuses_every_single_changed_byte) {
  x_signature_key key("ph_test_4Tn3vQ8mZ1xK7cR9bW2yL6pD");
  const std::string body = R"({"uid":"ABCDE","note":"naïve"})";
  std::string signature;
  key.append(signature, body);
  ASSERT_TRUE(key.matches(signature, body));
  for (std::size_t i = 0; i < body.size(); ++i) {
    std::string changed = body;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(key.matches(signature, changed)) << i;
  }
  for (std::size_t i = 0; i < signature.size(); ++i) {
    for (const int bit : {1, 0x20}) {  // another digit; another case
      std::string changed = signature;
      changed[i] = static_cast<char>(changed[i] ^ bit);
      EXPECT_FALSE(key.matches(changed, body)) << i;
    }
  }
}

TEST(x_signature, refuses_other_lengths_and_other_keys) {
  x_signature_key key("ph_test_one");
  x_signature_key other("ph_test_two");
  std::string signature;
  key.append(signature, "{}");
  EXPECT_FALSE(key.matches("", "{}"));
  EXPECT_FALSE(key.matches(signature.substr(1), "{}"));
  EXPECT_FALSE(key.matches(signature + "0", "{}"));
  EXPECT_FALSE(key.matches(signature, "{} "));
  EXPECT_FALSE(other.matches(signature, "{}"));
}

}  // namespace
}  // namespace posthorn::signing
