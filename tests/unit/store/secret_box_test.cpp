#include "store/secret_box.hpp"

#include <gtest/gtest.h>

namespace posthorn::store {
namespace {

using base::fault;

secret_box box_of(char fill) { return secret_box::make(std::string(secret_box::key_bytes, fill)).value(); }

constexpr secret_place place{"api_key", 7, "sealed"};

TEST(secret_box, opens_what_it_sealed) {
  const auto box = box_of('k');
  for (const std::string& plain : {std::string(), std::string("ph_test_1"), std::string(5'000, '\0')}) {
    const std::string sealed = box.seal(plain, place);
    EXPECT_EQ(box.open(sealed, place).value(), plain);
    EXPECT_NE(sealed, box.seal(plain, place)) << "the nonce is fresh each time";
    if (!plain.empty()) {
      EXPECT_EQ(sealed.find(plain), std::string::npos);
    }
  }
}

TEST(secret_box, refuses_every_changed_byte) {
  const auto box = box_of('k');
  const std::string sealed = box.seal("secret", place);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(box.open(changed, place)) << i;
  }
}

TEST(secret_box, refuses_every_shortened_blob) {
  const auto box = box_of('k');
  const std::string sealed = box.seal("secret", place);
  for (std::size_t length = 0; length < sealed.size(); ++length) {
    EXPECT_EQ(box.open(std::string_view(sealed).substr(0, length), place).error().code, fault::store_corrupt);
  }
}

TEST(secret_box, is_bound_to_table_row_and_column) {
  const auto box = box_of('k');
  const std::string sealed = box.seal("secret", place);
  EXPECT_EQ(box.open(sealed, {"endpoint", 7, "sealed"}).error().code, fault::store_corrupt);
  EXPECT_EQ(box.open(sealed, {"api_key", 8, "sealed"}).error().code, fault::store_corrupt);
  EXPECT_EQ(box.open(sealed, {"api_key", 7, "other"}).error().code, fault::store_corrupt);
}

TEST(secret_box, names_a_wrong_key) {
  const auto right = box_of('k');
  const auto wrong = box_of('w');
  EXPECT_EQ(wrong.open(right.seal("secret", place), place).error().code, fault::wrong_master_key);
  EXPECT_TRUE(right.verify(right.check_value()));
  EXPECT_EQ(wrong.verify(right.check_value()).error().code, fault::wrong_master_key);
  EXPECT_EQ(right.verify("").error().code, fault::store_corrupt);
}

TEST(secret_box, takes_keys_of_32_bytes_only) {
  EXPECT_FALSE(secret_box::make(""));
  EXPECT_FALSE(secret_box::make(std::string(31, 'k')));
  EXPECT_FALSE(secret_box::make(std::string(33, 'k')));
}

}  // namespace
}  // namespace posthorn::store
