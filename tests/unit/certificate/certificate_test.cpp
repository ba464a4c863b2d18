// The pure half of system B: documents as contract section 4 has them, and what time and people do to a certificate.
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <iterator>

#include "certificate/certificate_document.hpp"
#include "certificate/certificate_rules.hpp"
#include "support/paths.hpp"

namespace posthorn::certificate {
namespace {

using model::certificate_state;

constexpr base::epoch_ms awarded_at = 1'768'473'000'000;  // 2026-01-15T10:30:00Z
constexpr base::epoch_ms year_ms = 365LL * 24 * 3600 * 1000;

std::string vector_text(const std::string& name) {
  std::ifstream file(test::vector_path("events/" + name + ".json"));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

model::certificate_rule rule() {
  model::certificate_rule made;
  made.id = "656f1b9ab34d5e0012ab0003";
  made.integration = 7;
  made.name = "Safety Training";
  made.description = "Annual safety training";
  made.owner = "656f1b9ab34d5e0012ab0002";
  made.validity_days = 365;
  made.lessons = {"656f1b9ab34d5e0012ab0004"};
  return made;
}

model::certificate awarded() {
  model::certificate one = award(rule(), "656f1b9ab34d5e0012ab0001", "", awarded_at);
  one.id = "656f1c2ab34d5e0012ab34cd";
  return one;
}

TEST(certificate_document, is_the_documented_one_to_the_byte) {
  EXPECT_EQ(document_of(awarded()), vector_text("certificate_completed"));
  EXPECT_EQ(document_of(expire(awarded(), awarded_at + year_ms + 5'000)), vector_text("certificate_expired"));
}

TEST(certificate_document, has_no_end_where_there_is_none) {
  model::certificate_rule forever = rule();
  forever.validity_days = 0;
  const model::certificate one = award(forever, "u", "", awarded_at);
  EXPECT_EQ(one.expires_at, 0);
  EXPECT_NE(document_of(one).find(R"("expires":null)"), std::string::npos);
}

TEST(certificate_rules, an_award_keeps_what_the_rule_said) {
  const model::certificate one = award(rule(), "user", "somebody", awarded_at);
  EXPECT_EQ(one.owner, "somebody");
  EXPECT_EQ(one.lessons, rule().lessons);
  EXPECT_EQ(one.expires_at, awarded_at + year_ms);
  EXPECT_EQ(one.certified_at, awarded_at);
  EXPECT_EQ(one.revision, 0);
}

TEST(certificate_rules, renewing_goes_by_the_rule_as_it_is_now) {
  model::certificate_rule now = rule();
  now.name = "Safety Training II";
  now.validity_days = 30;
  const auto renewed = renew(expire(awarded(), awarded_at + year_ms), &now, awarded_at + 2 * year_ms);
  ASSERT_TRUE(renewed);
  EXPECT_EQ(renewed->id, awarded().id);
  EXPECT_EQ(renewed->state, certificate_state::valid);
  EXPECT_EQ(renewed->name, "Safety Training II");
  EXPECT_EQ(renewed->awarded_at, awarded_at);
  EXPECT_EQ(renewed->certified_at, awarded_at + 2 * year_ms);
  EXPECT_EQ(renewed->expires_at, awarded_at + 2 * year_ms + 30LL * 24 * 3600 * 1000);
  EXPECT_EQ(renewed->revision, 1);

  const auto without_rule = renew(awarded(), nullptr, awarded_at + 1);
  ASSERT_TRUE(without_rule);
  EXPECT_EQ(without_rule->name, "Safety Training");
  EXPECT_EQ(without_rule->expires_at, awarded_at + 1 + year_ms);
}

TEST(certificate_rules, revoking_is_for_good) {
  const auto revoked = revoke(awarded(), awarded_at + 1);
  ASSERT_TRUE(revoked);
  EXPECT_EQ(revoked->state, certificate_state::revoked);
  EXPECT_EQ(revoke(*revoked, awarded_at + 2).error().code, base::fault::not_acceptable_now);
  EXPECT_EQ(renew(*revoked, nullptr, awarded_at + 2).error().code, base::fault::not_acceptable_now);
}

TEST(certificate_rules, is_earned_by_every_lesson_since_the_last_time) {
  const auto earned = [](std::array<base::epoch_ms, 2> at, base::epoch_ms since) { return is_earned(at, since); };
  EXPECT_TRUE(earned({5, 9}, 0));
  EXPECT_FALSE(earned({5, 0}, 0));
  EXPECT_FALSE(earned({5, 9}, 9)) << "what earned the last one does not count again";
  EXPECT_FALSE(earned({5, 12}, 9));
  EXPECT_TRUE(earned({10, 12}, 9));
  EXPECT_FALSE(is_earned({}, 0));
}

TEST(object_id, is_24_lowercase_hex_characters) {
  const std::string made = model::new_object_id(awarded_at);
  EXPECT_TRUE(model::is_object_id(made)) << made;
  EXPECT_EQ(made.substr(0, 8), "6968c1a8") << "its first half tells the time";
  EXPECT_NE(made, model::new_object_id(awarded_at));
  for (const char* wrong : {"", "656f1c2ab34d5e0012ab34c", "656f1c2ab34d5e0012ab34cdd", "656F1C2AB34D5E0012AB34CD",
                            "656f1c2ab34d5e0012ab34cg"}) {
    EXPECT_FALSE(model::is_object_id(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace posthorn::certificate
