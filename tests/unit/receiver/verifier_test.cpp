// docs/contract.md sections 2.3 and 5.
#include "receiver/verifier.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "base/encoding.hpp"
#include "signing/generate.hpp"
#include "support/paths.hpp"

namespace posthorn::receiver {
namespace {

constexpr std::int64_t now_s = 1'700'000'000;
constexpr std::string_view body = R"({"uid":"ABCDE"})";

boost::json::value load(const std::string& name) {
  std::ifstream file(test::vector_path(name));
  EXPECT_TRUE(file.is_open()) << name;
  return boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

std::string text(const boost::json::value& vector, const char* field) {
  return std::string(vector.at(field).as_string());
}

verifier with_keys(std::initializer_list<std::string> keys) {
  verifier made;
  for (const std::string& key : keys) EXPECT_TRUE(made.add_key(key).has_value()) << key;
  return made;
}

std::string x_signed(std::string_view api_key, std::string_view over = body) {
  std::string out;
  signing::x_signature_key(api_key).append(out, over);
  return out;
}

std::string v1_signed(std::string_view secret, std::string_view id, std::string_view timestamp) {
  std::string out;
  signing::v1_key::parse(secret)->append(out, {id, timestamp, body});
  return out;
}

void expect_refused(const std::expected<void, refusal>& answer, refusal reason) {
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(text_of(answer.error()), text_of(reason));
}

TEST(verifier, accepts_every_x_signature_vector) {
  const auto file = load("x_signature.json");
  for (const auto& vector : file.at("vectors").as_array()) {
    SCOPED_TRACE(text(vector, "name"));
    verifier keys = with_keys({text(vector, "api_key")});
    const std::string signature = text(vector, "x_signature");
    const std::string message = *base::from_base64(text(vector, "body_base64"));
    EXPECT_TRUE(keys.verify({.x_signature = signature}, message, now_s).has_value());
    expect_refused(keys.verify({.x_signature = signature}, message + " ", now_s), refusal::no_key_matches);
  }
}

TEST(verifier, accepts_every_standard_vector) {
  const auto file = load("standard_webhooks.json");
  for (const auto& [list, key_field] : {std::pair("v1", "secret"), std::pair("v1a", "public_key")}) {
    for (const auto& vector : file.at(list).as_array()) {
      verifier keys = with_keys({text(vector, key_field)});
      const std::string id = text(vector, "webhook_id");
      const std::string timestamp = text(vector, "webhook_timestamp");
      const std::string signature = text(vector, "webhook_signature");
      const std::string message = *base::from_base64(text(vector, "body_base64"));
      const signature_headers headers = {{}, signature, id, timestamp};
      EXPECT_TRUE(keys.verify(headers, message, std::stoll(timestamp)).has_value()) << id;
      expect_refused(keys.verify(headers, message + " ", std::stoll(timestamp)), refusal::no_key_matches);
    }
  }
}

TEST(verifier, refuses_every_single_changed_byte) {
  verifier keys = with_keys({"ph_test_key"});
  const std::string signature = x_signed("ph_test_key");
  for (std::size_t i = 0; i < body.size(); ++i) {
    std::string changed(body);
    changed[i] = static_cast<char>(changed[i] ^ 1);
    expect_refused(keys.verify({.x_signature = signature}, changed, now_s), refusal::no_key_matches);
  }
  for (std::size_t i = 0; i < signature.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = signature;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      EXPECT_FALSE(keys.verify({.x_signature = changed}, body, now_s).has_value()) << i << ' ' << bit;
    }
  }
}

TEST(verifier, tells_missing_malformed_and_wrong_apart) {
  verifier keys = with_keys({"ph_test_key"});
  const std::string good = x_signed("ph_test_key");
  expect_refused(keys.verify({}, body, now_s), refusal::missing_signature);
  for (const std::string& bad : {std::string(), std::string("00"), good + "0", good.substr(1), " " + good.substr(1),
                                 "sha512=" + good, std::string(128, 'A'), std::string(128, 'g')}) {
    expect_refused(keys.verify({.x_signature = bad}, body, now_s), refusal::malformed);
  }
  expect_refused(keys.verify({.x_signature = x_signed("ph_test_other")}, body, now_s), refusal::no_key_matches);
}

TEST(verifier, without_keys_accepts_nothing) {
  verifier none;
  expect_refused(none.verify({.x_signature = x_signed("")}, body, now_s), refusal::missing_signature);
}

TEST(verifier, ignores_signatures_of_schemes_it_has_no_keys_for) {
  const std::string secret = signing::new_v1_secret();
  const std::string timestamp = std::to_string(now_s);
  const std::string x = x_signed("ph_test_key");
  const std::string standard = v1_signed(secret, "evt_1", timestamp);
  const signature_headers both = {x, standard, "evt_1", timestamp};
  EXPECT_TRUE(with_keys({"ph_test_key"}).verify(both, body, now_s).has_value());
  EXPECT_TRUE(with_keys({secret}).verify(both, body, now_s).has_value());
  EXPECT_TRUE(with_keys({"ph_test_key", secret}).verify(both, body, now_s).has_value());
  expect_refused(with_keys({secret}).verify({.x_signature = x}, body, now_s), refusal::missing_signature);
}

TEST(verifier, wants_every_present_signature_that_it_can_check) {
  const std::string secret = signing::new_v1_secret();
  const std::string timestamp = std::to_string(now_s);
  verifier keys = with_keys({"ph_test_key", secret});
  const std::string x = x_signed("ph_test_key");
  const std::string standard = v1_signed(secret, "evt_1", timestamp);
  const std::string wrong_x = x_signed("ph_test_other");
  const std::string wrong_standard = v1_signed(signing::new_v1_secret(), "evt_1", timestamp);
  expect_refused(keys.verify({wrong_x, standard, "evt_1", timestamp}, body, now_s), refusal::no_key_matches);
  expect_refused(keys.verify({x, wrong_standard, "evt_1", timestamp}, body, now_s), refusal::no_key_matches);
}

TEST(verifier, accepts_old_and_new_key_during_a_rotation) {
  verifier both = with_keys({"ph_test_old", "ph_test_new"});
  verifier after = with_keys({"ph_test_new"});
  const std::string by_old = x_signed("ph_test_old");
  const std::string by_new = x_signed("ph_test_new");
  EXPECT_TRUE(both.verify({.x_signature = by_old}, body, now_s).has_value());
  EXPECT_TRUE(both.verify({.x_signature = by_new}, body, now_s).has_value());
  EXPECT_TRUE(after.verify({.x_signature = by_new}, body, now_s).has_value());
  expect_refused(after.verify({.x_signature = by_old}, body, now_s), refusal::no_key_matches);
}

TEST(verifier, finds_its_signature_among_several) {
  const std::string secret = signing::new_v1_secret();
  const std::string timestamp = std::to_string(now_s);
  const std::string mine = v1_signed(secret, "evt_1", timestamp);
  const std::string other = v1_signed(signing::new_v1_secret(), "evt_1", timestamp);
  verifier keys = with_keys({secret});
  for (const std::string& header : {other + " " + mine, mine + " " + other, "v2,abc " + mine, "v1a,abc " + mine}) {
    EXPECT_TRUE(keys.verify({{}, header, "evt_1", timestamp}, body, now_s).has_value()) << header;
  }
  expect_refused(keys.verify({{}, other + " v2,abc", "evt_1", timestamp}, body, now_s), refusal::no_key_matches);
}

TEST(verifier, tries_a_bounded_number_of_signatures) {
  const std::string secret = signing::new_v1_secret();
  const std::string timestamp = std::to_string(now_s);
  verifier keys = with_keys({secret});
  std::string header = v1_signed(secret, "evt_1", timestamp);
  for (std::size_t i = 1; i < base::limits::verified_signatures_max; ++i) header += " v1,AAAA";
  EXPECT_TRUE(keys.verify({{}, header, "evt_1", timestamp}, body, now_s).has_value());
  header += " v1,AAAA";
  expect_refused(keys.verify({{}, header, "evt_1", timestamp}, body, now_s), refusal::malformed);
}

TEST(verifier, refuses_malformed_standard_headers) {
  const std::string secret = signing::new_v1_secret();
  verifier keys = with_keys({secret});
  const std::string good = v1_signed(secret, "evt_1", std::to_string(now_s));
  const auto verify = [&](std::optional<std::string_view> id, std::optional<std::string_view> timestamp,
                          std::string_view signature) {
    return keys.verify({{}, signature, id, timestamp}, body, now_s);
  };
  ASSERT_TRUE(verify("evt_1", "1700000000", good).has_value());
  expect_refused(verify({}, "1700000000", good), refusal::malformed);
  expect_refused(verify("", "1700000000", good), refusal::malformed);
  expect_refused(verify("evt.1", "1700000000", good), refusal::malformed);
  for (const char* bad : {"", " 1700000000", "1700000000 ", "+1700000000", "-1700000000", "1700000000.0", "0x1",
                          "99999999999999999999", "now"}) {
    expect_refused(verify("evt_1", bad, good), refusal::malformed);
  }
  expect_refused(verify("evt_1", {}, good), refusal::malformed);
  for (const std::string& bad : {std::string(), std::string(" "), std::string("v1"), std::string("v1,"),
                                 std::string(",AAAA"), good + " ", " " + good, good + "  " + good}) {
    expect_refused(verify("evt_1", "1700000000", bad), refusal::malformed);
  }
}

TEST(verifier, holds_the_timestamp_within_the_tolerance_on_both_sides) {
  const std::string secret = signing::new_v1_secret();
  const std::string timestamp = std::to_string(now_s);
  const std::string signature = v1_signed(secret, "evt_1", timestamp);
  const signature_headers headers = {{}, signature, "evt_1", timestamp};
  verifier keys = with_keys({secret});
  EXPECT_TRUE(keys.verify(headers, body, now_s + 300).has_value());
  EXPECT_TRUE(keys.verify(headers, body, now_s - 300).has_value());
  expect_refused(keys.verify(headers, body, now_s + 301), refusal::timestamp_too_old);
  expect_refused(keys.verify(headers, body, now_s - 301), refusal::timestamp_too_new);

  verifier strict(10);
  ASSERT_TRUE(strict.add_key(secret).has_value());
  expect_refused(strict.verify(headers, body, now_s + 11), refusal::timestamp_too_old);
}

TEST(verifier, does_not_age_x_signature) {
  verifier keys = with_keys({"ph_test_key"});
  const std::string signature = x_signed("ph_test_key");
  EXPECT_TRUE(keys.verify({signature, {}, "evt_1", "1"}, body, now_s).has_value());
}

TEST(verifier, refuses_malformed_keys) {
  verifier keys;
  const std::string private_half = signing::new_v1a_secret();
  for (const std::string& bad : {std::string(), std::string("whsec_short"), std::string("whpk_AAAA"), private_half}) {
    const auto added = keys.add_key(bad);
    ASSERT_FALSE(added.has_value()) << bad;
    EXPECT_EQ(added.error().code, base::fault::invalid_field);
    EXPECT_TRUE(bad.empty() || !added.error().detail.contains(bad));
  }
}

TEST(refusal, has_one_text_each) {
  std::vector<std::string_view> texts;
  for (const refusal each : {refusal::missing_signature, refusal::malformed, refusal::no_key_matches,
                             refusal::timestamp_too_old, refusal::timestamp_too_new}) {
    const std::string_view one = text_of(each);
    EXPECT_FALSE(one.empty());
    EXPECT_EQ(std::ranges::count(texts, one), 0);
    texts.push_back(one);
  }
}

}  // namespace
}  // namespace posthorn::receiver
