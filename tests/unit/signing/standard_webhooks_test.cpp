#include "signing/standard_webhooks.hpp"

#include "signing/generate.hpp"
#include "unit/signing/vectors.hpp"

namespace posthorn::signing {
namespace {

constexpr std::string_view v1_secret = "whsec_NlO9g2IiTXeYrvh9//s0UNBk0y3pMcz4";
constexpr webhook_message sample = {"evt_sample", "1700000000", R"({"uid":"ABCDE"})"};

std::string secret_of(std::string_view prefix, std::size_t bytes) {
  return std::string(prefix) + base::to_base64(std::string(bytes, 'k'));
}

// Calls `check(message, signature)` once for each single byte of `sample` or of the signature changed.
template <class Check>
void for_each_change(const std::string& signature, Check check) {
  const std::string parts[] = {std::string(sample.id), std::string(sample.timestamp), std::string(sample.body)};
  for (std::size_t part = 0; part < 3; ++part) {
    for (std::size_t i = 0; i < parts[part].size(); ++i) {
      std::string changed[] = {parts[0], parts[1], parts[2]};
      changed[part][i] = static_cast<char>(changed[part][i] ^ 1);
      check(webhook_message{changed[0], changed[1], changed[2]}, signature);
    }
  }
  for (std::size_t i = 0; i < signature.size(); ++i) {
    for (const int bit : {1, 2, 4, 0x20}) {
      std::string changed = signature;
      changed[i] = static_cast<char>(changed[i] ^ bit);
      check(sample, changed);
    }
  }
}

TEST(standard_webhooks, v1_signs_and_verifies_every_vector) {
  const auto file = vectors::load("standard_webhooks.json");
  const auto& all = file.at("v1").as_array();
  ASSERT_EQ(all.size(), 4u);
  for (const auto& vector : all) {
    const std::string id = vectors::text(vector, "webhook_id");
    SCOPED_TRACE(id);
    const std::string timestamp = vectors::text(vector, "webhook_timestamp");
    const std::string body = vectors::body_of(vector);
    const std::string expected = vectors::text(vector, "webhook_signature");
    auto key = v1_key::parse(vectors::text(vector, "secret"));
    ASSERT_TRUE(key.has_value());
    std::string signature;
    key->append(signature, {id, timestamp, body});
    EXPECT_EQ(signature, expected);
    EXPECT_TRUE(key->matches(std::string_view(expected).substr(v1_tag.size()), {id, timestamp, body}));
  }
}

TEST(standard_webhooks, v1a_signs_and_verifies_every_vector) {
  const auto file = vectors::load("standard_webhooks.json");
  const auto& all = file.at("v1a").as_array();
  ASSERT_EQ(all.size(), 2u);
  for (const auto& vector : all) {
    const std::string id = vectors::text(vector, "webhook_id");
    SCOPED_TRACE(id);
    const std::string timestamp = vectors::text(vector, "webhook_timestamp");
    const std::string body = vectors::body_of(vector);
    const std::string expected = vectors::text(vector, "webhook_signature");
    const auto key = v1a_secret_key::parse(vectors::text(vector, "secret"));
    const auto half = v1a_public_key::parse(vectors::text(vector, "public_key"));
    ASSERT_TRUE(key.has_value() && half.has_value());
    EXPECT_EQ(key->public_key(), vectors::text(vector, "public_key"));
    std::string signature;
    key->append(signature, {id, timestamp, body});
    EXPECT_EQ(signature, expected);
    EXPECT_TRUE(half->matches(std::string_view(expected).substr(v1a_tag.size()), {id, timestamp, body}));
  }
}

TEST(standard_webhooks, v1_refuses_every_single_changed_byte) {
  auto key = v1_key::parse(v1_secret);
  ASSERT_TRUE(key.has_value());
  std::string signature;
  key->append(signature, sample);
  signature.erase(0, v1_tag.size());
  ASSERT_TRUE(key->matches(signature, sample));
  for_each_change(signature, [&](const webhook_message& message, const std::string& changed) {
    EXPECT_FALSE(key->matches(changed, message)) << changed << ' ' << message.body;
  });
}

TEST(standard_webhooks, v1a_refuses_every_single_changed_byte) {
  const auto key = v1a_secret_key::parse(new_v1a_secret());
  ASSERT_TRUE(key.has_value());
  const auto half = v1a_public_key::parse(key->public_key());
  ASSERT_TRUE(half.has_value());
  std::string signature;
  key->append(signature, sample);
  signature.erase(0, v1a_tag.size());
  ASSERT_TRUE(half->matches(signature, sample));
  for_each_change(signature, [&](const webhook_message& message, const std::string& changed) {
    EXPECT_FALSE(half->matches(changed, message)) << changed << ' ' << message.body;
  });
}

TEST(standard_webhooks, v1_secret_is_24_to_64_bytes_of_strict_base64) {
  EXPECT_TRUE(v1_key::parse(secret_of(v1_secret_prefix, 24)).has_value());
  EXPECT_TRUE(v1_key::parse(secret_of(v1_secret_prefix, 64)).has_value());
  const std::string good(v1_secret);
  const std::string padded = secret_of(v1_secret_prefix, 25);  // ends in "=="
  ASSERT_TRUE(v1_key::parse(padded).has_value());
  for (const std::string& bad :
       {std::string(), std::string("whsec_"), secret_of(v1_secret_prefix, 23), secret_of(v1_secret_prefix, 65),
        good.substr(6), "WHSEC_" + good.substr(6), "whsk_" + good.substr(6), " " + good, good + " ", good + "\n",
        good + "=", good.substr(0, 20) + "\n" + good.substr(20), padded.substr(0, padded.size() - 1),
        padded.substr(0, padded.size() - 2), padded.substr(0, padded.size() - 3) + "x==",  // bits beyond the last byte
        good.substr(0, 14) + "_-" + good.substr(16), good + std::string(1, '\0')}) {
    const auto key = v1_key::parse(bad);
    ASSERT_FALSE(key.has_value()) << bad;
    EXPECT_EQ(key.error().code, base::fault::invalid_field);
    EXPECT_EQ(key.error().detail.find(good.substr(6)), std::string::npos);
  }
}

TEST(standard_webhooks, v1a_secret_is_a_seed_with_its_own_public_key) {
  const std::string one = new_v1a_secret();
  const std::string two = new_v1a_secret();
  ASSERT_TRUE(v1a_secret_key::parse(one).has_value());
  const std::string pair_one = *base::from_base64(one.substr(5));
  const std::string pair_two = *base::from_base64(two.substr(5));
  for (const std::string& bad :
       {std::string(), std::string("whsk_"), one.substr(5), "whpk_" + one.substr(5),
        "whsk_" + base::to_base64(pair_one.substr(0, 32)), "whsk_" + base::to_base64(pair_one + "x"),
        "whsk_" + base::to_base64(pair_one.substr(0, 32) + pair_two.substr(32)), one + "\n"}) {
    EXPECT_FALSE(v1a_secret_key::parse(bad).has_value()) << bad;
  }
}

TEST(standard_webhooks, v1a_public_key_is_32_bytes) {
  const std::string good = v1a_secret_key::parse(new_v1a_secret())->public_key();
  ASSERT_TRUE(v1a_public_key::parse(good).has_value());
  for (const std::string& bad : {std::string(), std::string("whpk_"), good.substr(5), "whsk_" + good.substr(5),
                                 secret_of(v1a_public_prefix, 31), secret_of(v1a_public_prefix, 33), good + " "}) {
    EXPECT_FALSE(v1a_public_key::parse(bad).has_value()) << bad;
  }
}

TEST(standard_webhooks, v1a_public_key_refuses_malformed_signatures) {
  const auto half = v1a_public_key::parse(v1a_secret_key::parse(new_v1a_secret())->public_key());
  for (const std::string& bad : {std::string(), std::string("AA=="), base::to_base64(std::string(63, 's')),
                                 base::to_base64(std::string(64, '\0')), base::to_base64(std::string(65, 's'))}) {
    EXPECT_FALSE(half->matches(bad, sample)) << bad;
  }
}

TEST(generate, makes_new_secrets_that_parse) {
  const std::string one = new_v1_secret();
  EXPECT_NE(one, new_v1_secret());
  EXPECT_TRUE(v1_key::parse(one).has_value());
  EXPECT_EQ(base::from_base64(one.substr(v1_secret_prefix.size()))->size(), 32u);
  EXPECT_NE(new_v1a_secret(), new_v1a_secret());
}

TEST(v1a_secret_key, moves_with_its_key) {
  auto first = v1a_secret_key::parse(new_v1a_secret());
  const std::string half = first->public_key();
  v1a_secret_key second(std::move(*first));
  EXPECT_EQ(second.public_key(), half);
  auto third = v1a_secret_key::parse(new_v1a_secret());
  *third = std::move(second);
  EXPECT_EQ(third->public_key(), half);
}

}  // namespace
}  // namespace posthorn::signing
