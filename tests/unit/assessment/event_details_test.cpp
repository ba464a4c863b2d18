// Contract 2.2: each event, led through the machine, the envelope of ingest included, is the vector byte for byte.
#include "assessment/event_details.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "assessment/session_machine.hpp"
#include "ingest/event_parser.hpp"
#include "support/paths.hpp"

namespace posthorn::assessment {
namespace {

namespace json = boost::json;

constexpr std::string_view uid = "1234QWER-TYUI4567-ASDFD890";

std::string vector_text(std::string_view name) {
  std::ifstream file(test::vector_path("events/" + std::string(name) + ".json"));
  EXPECT_TRUE(file.is_open()) << name;
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

// Field by field first, so that a difference is named; then the bytes.
void expect_same(const json::value& got, const json::value& want, const std::string& at) {
  ASSERT_EQ(got.kind(), want.kind()) << at;
  if (want.is_object()) {
    for (const auto& member : want.as_object()) {
      const auto* found = got.as_object().if_contains(member.key());
      ASSERT_NE(found, nullptr) << at << "/" << member.key();
      expect_same(*found, member.value(), at + "/" + std::string(member.key()));
    }
    EXPECT_EQ(got.as_object().size(), want.as_object().size()) << at;
  } else if (want.is_array()) {
    ASSERT_EQ(got.as_array().size(), want.as_array().size()) << at;
    for (std::size_t i = 0; i < want.as_array().size(); ++i) {
      expect_same(got.as_array()[i], want.as_array()[i], at + "/" + std::to_string(i));
    }
  } else {
    EXPECT_EQ(got, want) << at;
  }
}

void expect_vector(const journey_event& event, std::string_view name) {
  EXPECT_EQ(event.type, name);
  const auto parsed = ingest::parse_event(ingest_body(event, uid), {.integration_id = "12345678901234567890"});
  ASSERT_TRUE(parsed.has_value()) << parsed.error().detail;
  EXPECT_EQ(parsed->uid, uid);
  const std::string want = vector_text(name);
  expect_same(json::parse(parsed->payload), json::parse(want), "");
  EXPECT_EQ(parsed->payload, want);
}

model::session session_from(std::int64_t started_s, std::int64_t limit_s, model::platform platform) {
  model::session made;
  made.uid = uid;
  made.platform = platform;
  made.created_at = started_s * 1000 - 9'000;
  made.opened_at = started_s * 1000 + 999;  // rounded down
  made.consented_at = made.opened_at + 1'000;
  made.expires_at = started_s * 1000 + limit_s * 1000;
  made.state = model::session_state::in_progress;
  made.made = {.done = 16, .required = 48};
  return made;
}

model::session complete_session(model::platform platform) {
  model::session from = session_from(1644397242, 3600, platform);
  from.made.done = 48;
  return take(from, submitted{}, 1644397300'500).session;
}

TEST(EventDetails, ApplicationComplete) {
  expect_vector(complete_event(complete_session(model::platform::web)), "application.complete");
}

TEST(EventDetails, ApplicationIncomplete) {
  model::session from = session_from(1652882892, 3600, model::platform::web);
  from.last_response_at = 1652883492'001;
  expect_vector(*take(from, submitted{}, 1652883499'000).emit, "application.incomplete");
}

TEST(EventDetails, ApplicationExpired) {
  const model::session from = session_from(1652882892, 600, model::platform::web);
  expect_vector(*take(from, limit_passed{}, 1652883492'000).emit, "application.expired");
}

TEST(EventDetails, ApplicationCancelled) {
  const model::session from = session_from(1652882892, 3600, model::platform::web);
  expect_vector(*take(from, policy_rejected{}, 1652883492'123).emit, "application.cancelled");
}

TEST(EventDetails, PsychometricScoreComplete) {
  const json::value wanted = json::parse(vector_text("psychometric_score.complete"));
  const auto& traits = wanted.at_pointer("/event/details/calculated/traits").as_array();
  ASSERT_EQ(traits.size(), 12U);
  model::psychometric_score score{.score = 42,
                                  .band = model::risk_band::medium,
                                  .confidence = model::score_confidence::high,
                                  .traits = {},
                                  .flags = {},
                                  .quality = {}};
  for (const auto& trait : traits) {
    score.traits.push_back({std::string(trait.at("key").as_string()), static_cast<int>(trait.at("value").as_int64()),
                            *model::risk_band_from(trait.at("risk_band").as_string())});
  }
  const auto outcome = take(complete_session(model::platform::web), scored{score}, 1644397637'000);
  expect_vector(*outcome.emit, "psychometric_score.complete");
}

TEST(EventDetails, DeviceScoreComplete) {
  model::device_score score{
      .score = 68, .band = model::risk_band::medium, .permissions_granted = {}, .permissions_denied = {}};
  const auto android = take(complete_session(model::platform::android), scored{score}, 1644397637'999);
  expect_vector(*android.emit, "android_score.complete");
  score.score = 65;
  const auto ios = take(complete_session(model::platform::ios), scored{score}, 1644397637'000);
  expect_vector(*ios.emit, "ios_score.complete");
}

TEST(EventDetails, ListsAreWrittenAsJsonStrings) {
  model::device_score score;
  score.permissions_granted = {"contacts", "a \"quoted\" one"};
  score.permissions_denied = {"calendar"};
  const auto event = score_event(complete_session(model::platform::ios), score);
  const json::value details = json::parse(event.details);
  EXPECT_EQ(details.at("permissions_granted"), json::array({"contacts", "a \"quoted\" one"}));
  EXPECT_EQ(details.at("permissions_denied"), json::array({"calendar"}));

  model::psychometric_score answers;
  answers.flags = {"TOO_FAST", "DISTRACTED"};
  const auto scored = score_event(complete_session(model::platform::web), answers);
  EXPECT_EQ(json::parse(scored.details).at("flags"), json::array({"TOO_FAST", "DISTRACTED"}));
}

TEST(EventDetails, PercentagesAreFifteenDigitsOfAFraction) {
  const auto text = [](int done, int required) { return percentage_text({.done = done, .required = required}); };
  EXPECT_EQ(text(1, 3), "0.333333333333333");
  EXPECT_EQ(text(2, 3), "0.666666666666667");
  EXPECT_EQ(text(12, 48), "0.25");
  EXPECT_EQ(text(1, 7), "0.142857142857143");
  EXPECT_EQ(text(0, 48), "0");
  EXPECT_EQ(text(48, 48), "1");
  EXPECT_EQ(text(0, 0), "0");
  EXPECT_EQ(text(1, 500), "0.002");
}

}  // namespace
}  // namespace posthorn::assessment
