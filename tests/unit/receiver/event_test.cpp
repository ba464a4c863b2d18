// docs/contract.md sections 2.1, 2.2, 4 and 5.
#include "receiver/event.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "support/paths.hpp"

namespace posthorn::receiver {
namespace {

std::string load(const std::string& type) {
  std::ifstream file(test::vector_path("events/" + type + ".json"));
  EXPECT_TRUE(file.is_open()) << type;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// The details of the vector `type`, parsed as `Details`; its envelope is checked on the way.
template <class Details>
Details parse_vector(const std::string& type) {
  const auto parsed = parse_event(load(type), type);
  if (!parsed) {
    ADD_FAILURE() << parsed.error().detail;
    return {};
  }
  EXPECT_EQ(parsed->type, type);
  EXPECT_EQ(parsed->uid, "1234QWER-TYUI4567-ASDFD890");
  EXPECT_EQ(parsed->integration_id, "12345678901234567890");
  const auto* details = std::get_if<Details>(&parsed->details);
  if (details == nullptr) {
    ADD_FAILURE() << type << " has another alternative: " << parsed->details.index();
    return {};
  }
  return *details;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

void expect_fault(const std::string& json, std::string_view type, base::fault code, std::string_view pointer) {
  const auto parsed = parse_event(json, type);
  ASSERT_FALSE(parsed.has_value()) << json;
  EXPECT_EQ(parsed.error().code, code) << json;
  ASSERT_EQ(parsed.error().fields.size(), 1u) << json;
  EXPECT_EQ(parsed.error().fields[0].pointer, pointer) << json;
}

TEST(parse_event, application_complete) {
  const auto e = parse_vector<application_complete>("application.complete");
  EXPECT_EQ(e.application_started_at, 1644397242);
  EXPECT_EQ(e.application_completed_at, 1644397300);
}

TEST(parse_event, application_incomplete) {
  const auto e = parse_vector<application_incomplete>("application.incomplete");
  EXPECT_EQ(e.application_started_at, 1652882892);
  EXPECT_EQ(e.last_response_submitted_at, 1652883492);
  EXPECT_EQ(e.percentage_completed, "0.333333333333333");
  EXPECT_EQ(e.reasons, std::vector<std::string>{"Missing data"});
}

TEST(parse_event, application_expired) {
  const auto e = parse_vector<application_expired>("application.expired");
  EXPECT_EQ(e.application_started_at, 1652882892);
  EXPECT_EQ(e.application_expired_at, 1652883492);
  EXPECT_EQ(e.percentage_completed, "0.333333333333333");
}

TEST(parse_event, application_cancelled) {
  const auto e = parse_vector<application_cancelled>("application.cancelled");
  EXPECT_EQ(e.application_started_at, 1652882892);
  EXPECT_EQ(e.application_cancelled_at, 1652883492);
  EXPECT_EQ(e.reasons, std::vector<std::string>{"Denied the terms and conditions"});
}

TEST(parse_event, psychometric_score_complete) {
  const auto e = parse_vector<psychometric_score_complete>("psychometric_score.complete");
  EXPECT_EQ(e.application_started_at, 1644397242);
  EXPECT_EQ(e.application_completed_at, 1644397300);
  EXPECT_EQ(e.scored_at, 1644397637);
  EXPECT_EQ(e.platform, "WEB");
  EXPECT_EQ(e.score, 42);
  EXPECT_EQ(e.risk_band, "MEDIUM");
  EXPECT_EQ(e.score_confidence, "HIGH");
  ASSERT_EQ(e.traits.size(), 12u);
  EXPECT_EQ(e.traits[0].key, "conscientiousness");
  EXPECT_EQ(e.traits[0].value, 31);
  EXPECT_EQ(e.traits[11].key, "financial_prudence");
  EXPECT_EQ(e.traits[11].risk_band, "HIGH");
  EXPECT_TRUE(e.flags.empty());
}

TEST(parse_event, device_scores) {
  const auto android = parse_vector<android_score_complete>("android_score.complete");
  EXPECT_EQ(android.platform, "ANDROID");
  EXPECT_EQ(android.score, 68);
  EXPECT_EQ(android.scored_at, 1644397637);
  const auto ios = parse_vector<ios_score_complete>("ios_score.complete");
  EXPECT_EQ(ios.platform, "IOS");
  EXPECT_EQ(ios.score, 65);
  EXPECT_EQ(ios.risk_band, "MEDIUM");
  EXPECT_TRUE(ios.permissions_granted.empty() && ios.permissions_denied.empty());
}

TEST(parse_event, certificates_are_told_apart_by_the_header) {
  const auto completed = parse_event(load("certificate_completed"), "certificate_completed");
  ASSERT_TRUE(completed.has_value());
  EXPECT_EQ(completed->type, "certificate_completed");
  EXPECT_EQ(completed->uid, "656f1b9ab34d5e0012ab0001");
  EXPECT_EQ(completed->integration_id, "");
  const auto& one = std::get<certificate_completed>(completed->details);
  EXPECT_EQ(one.id, "656f1c2ab34d5e0012ab34cd");
  EXPECT_EQ(one.user_id, "656f1b9ab34d5e0012ab0001");
  EXPECT_EQ(one.owner_id, "656f1b9ab34d5e0012ab0002");
  EXPECT_EQ(one.badge_id, "656f1b9ab34d5e0012ab0003");
  EXPECT_EQ(one.creation_date, "2026-01-15T10:30:00.000Z");
  EXPECT_EQ(one.expires, "2027-01-15T10:30:00.000Z");
  EXPECT_FALSE(one.disabled);
  EXPECT_FALSE(one.expiry_reminder_sent);
  EXPECT_EQ(one.lesson_active_ids, std::vector<std::string>{"656f1b9ab34d5e0012ab0004"});
  EXPECT_EQ(one.rule_type, "certification");
  EXPECT_EQ(one.rule_name, "Safety Training");
  EXPECT_EQ(one.rule_description, "Annual safety training");
  EXPECT_EQ(one.rule_validity_duration_days, 365);
  EXPECT_EQ(one.updated_at, "2026-01-15T10:30:00.000Z");

  const auto expired = parse_event(load("certificate_expired"), "certificate_expired");
  ASSERT_TRUE(expired.has_value());
  EXPECT_TRUE(std::get<certificate_expired>(expired->details).disabled);
}

TEST(parse_event, certificate_may_never_expire) {
  const std::string never =
      replaced(load("certificate_completed"), R"("expires":"2027-01-15T10:30:00.000Z")", R"("expires":null)");
  const auto parsed = parse_event(never, "certificate_completed");
  ASSERT_TRUE(parsed.has_value());
  EXPECT_FALSE(std::get<certificate_completed>(parsed->details).expires.has_value());
}

TEST(parse_event, tolerates_unknown_fields_everywhere) {
  std::string json = load("application.cancelled");
  json = replaced(json, R"({"uid")", R"({"new":{"deep":[1,null]},"uid")");
  json = replaced(json, R"("details":{)", R"("another":1e300,"details":{"third":[],)");
  const auto parsed = parse_event(json, "application.cancelled");
  ASSERT_TRUE(parsed.has_value()) << parsed.error().detail;
  EXPECT_EQ(std::get<application_cancelled>(parsed->details).reasons.size(), 1u);
}

TEST(parse_event, keeps_unknown_types_whole) {
  const std::string envelope = R"({"uid":"ABCDE","integration_id":"1","event":{"type":"future.type","details":7}})";
  const auto parsed = parse_event(envelope, "future.type");
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->type, "future.type");
  EXPECT_EQ(parsed->uid, "ABCDE");
  EXPECT_EQ(std::get<unknown_event>(parsed->details).json, envelope);

  for (const std::string& foreign : {std::string("[1, 2]"), std::string("\"text\""), std::string("null"),
                                     std::string(R"({"event":"signup"})"), load("certificate_completed")}) {
    const auto kept = parse_event(foreign, "user.created");
    ASSERT_TRUE(kept.has_value()) << foreign;
    EXPECT_EQ(kept->type, "user.created");
    EXPECT_EQ(kept->uid, "");
    EXPECT_EQ(std::get<unknown_event>(kept->details).json, foreign);
  }
}

TEST(parse_event, takes_an_envelope_at_its_own_word) {
  for (const char* header : {"", "application.expired", "future.type"}) {
    const auto parsed = parse_event(load("application.complete"), header);
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->type, "application.complete");
    EXPECT_TRUE(std::holds_alternative<application_complete>(parsed->details));
  }
}

TEST(parse_event, names_the_field_that_is_wrong) {
  using enum base::fault;
  const std::string complete = load("application.complete");
  const std::string type = "application.complete";
  expect_fault(replaced(complete, R"("1234QWER-TYUI4567-ASDFD890")", "5"), type, invalid_field, "/uid");
  expect_fault(replaced(complete, R"("12345678901234567890")", "12345678901234567890"), type, invalid_field,
               "/integration_id");
  expect_fault(replaced(complete, R"("uid")", R"("user")"), type, missing_field, "/uid");
  expect_fault(replaced(complete, R"("event":{)", R"("events":{)"), type, missing_field, "/event");
  expect_fault(R"({"uid":"ABCDE","integration_id":"1","event":[]})", "", invalid_field, "/event");
  expect_fault(replaced(complete, R"("type":"application.complete")", R"("type":null)"), type, invalid_field,
               "/event/type");
  expect_fault(replaced(complete, R"("details")", R"("detail")"), type, missing_field, "/event/details");
  for (const char* bad : {"1644397300.0", "\"1644397300\"", "null", "99999999999999999999", "true", "{}"}) {
    expect_fault(replaced(complete, "1644397300", bad), type, invalid_field, "/event/details/application_completed_at");
  }
  expect_fault(replaced(complete, R"("uid")", R"("user")"), "", missing_field, "/uid");  // known by its event.type
  expect_fault("[]", type, invalid_field, "");
  expect_fault("7", "certificate_expired", invalid_field, "");

  const std::string score = load("psychometric_score.complete");
  const std::string score_type = "psychometric_score.complete";
  expect_fault(replaced(score, R"("value":45)", R"("value":"45")"), score_type, invalid_field,
               "/event/details/calculated/traits/2/value");
  expect_fault(replaced(score, R"("traits":[)", R"("traits":[1,)"), score_type, invalid_field,
               "/event/details/calculated/traits/0");
  expect_fault(replaced(score, R"("flags":[])", R"("flags":{})"), score_type, invalid_field, "/event/details/flags");

  expect_fault(replaced(load("ios_score.complete"), R"("permissions_denied":[])", R"("permissions_denied":["a",1])"),
               "ios_score.complete", invalid_field, "/event/details/permissions_denied/1");
  expect_fault(replaced(load("application.cancelled"), R"(["Denied the terms and conditions"])", "\"text\""),
               "application.cancelled", invalid_field, "/event/reasons");
  expect_fault(replaced(load("certificate_completed"), "365", "\"365\""), "certificate_completed", invalid_field,
               "/ruleData/validityDurationDays");
}

TEST(parse_event, keeps_flags_of_any_shape) {
  const std::string json =
      replaced(load("psychometric_score.complete"), R"("flags":[])", R"("flags":["FAST",{"code":7}])");
  const auto parsed = parse_event(json, "psychometric_score.complete");
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(std::get<psychometric_score_complete>(parsed->details).flags,
            (std::vector<std::string>{"FAST", R"({"code":7})"}));
}

TEST(parse_event, refuses_what_is_not_json) {
  for (const std::string& bad : {std::string(), std::string("{"), std::string("{}x"), std::string("{'a':1}"),
                                 std::string("\xff"), std::string(1000, '[')}) {
    const auto parsed = parse_event(bad, "application.complete");
    ASSERT_FALSE(parsed.has_value()) << bad;
    EXPECT_EQ(parsed.error().code, base::fault::malformed_json);
  }
}

}  // namespace
}  // namespace posthorn::receiver
