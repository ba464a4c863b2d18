// Device data: the worked examples of docs/scoring.md, and contract 2.2's "permissions denied" of an incomplete
// journey.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

#include "assessment/device_data.hpp"
#include "assessment/session_machine.hpp"
#include "assessment/session_start.hpp"
#include "documents.hpp"

namespace posthorn::assessment {
namespace {

using base::fault;
using model::risk_band;

device_scorecard example_card() { return read_device_scorecard(documented_json(2)).value(); }

TEST(DeviceScore, ExampleE) {
  const auto score =
      score_device(example_card(), {{{"contacts_count", 35}, {"update_lag", 3}}, {"contacts"}, {"location"}}).value();
  EXPECT_EQ(score.score, 33);
  EXPECT_EQ(score.band, risk_band::high);
  EXPECT_EQ(score.permissions_granted, std::vector<std::string>{"contacts"});
  EXPECT_EQ(score.permissions_denied, std::vector<std::string>{"location"});
}

TEST(DeviceScore, ExampleF) {
  const auto score =
      score_device(example_card(),
                   {{{"contacts_count", 80}, {"battery_percent", 20}, {"update_lag", 1}}, {"contacts"}, {}})
          .value();
  EXPECT_EQ(score.score, 100);
  EXPECT_EQ(score.band, risk_band::low);
}

TEST(DeviceScore, ABandHoldsWhatIsBelowItsLimit) {
  const auto score = [](double contacts) {
    return score_device(example_card(),
                        {{{"contacts_count", contacts}, {"battery_percent", 0}, {"update_lag", 9}}, {"contacts"}, {}})
        ->score;
  };
  EXPECT_EQ(score(9.999), 0);  // -5 of -5 to 40
  EXPECT_EQ(score(10), 22);    // 5: 10 / 45
  EXPECT_EQ(score(49), 22);
  EXPECT_EQ(score(50), 44);  // 15: 20 / 45
  EXPECT_EQ(score(1e300), 44);
  EXPECT_EQ(score(-1e300), 0);
}

TEST(DeviceScore, WhatIsRequiredIsNamed) {
  const auto error = score_device(example_card(), {{{"battery_percent", 3}}, {}, {"contacts"}}).error();
  EXPECT_EQ(places_of(error),
            "/permissions_granted: \"contacts\" is required\n/features/contacts_count: is required\n");
  EXPECT_EQ(error.code, fault::missing_field);
}

TEST(DeviceScore, TheDefaultsSpanZeroToAHundred) {
  for (const auto platform : {model::platform::android, model::platform::ios}) {
    const auto& card = default_device_scorecard(platform);
    EXPECT_EQ(card.platform, platform);
    EXPECT_EQ(card.points_min, 0);
    EXPECT_EQ(card.points_max, 100) << "a point of the example is a point of the score";
  }
}

// Contract 2.2: application.incomplete where permissions are denied.
TEST(DeviceJourney, AMissingPermissionMakesItIncomplete) {
  const auto card = example_card();
  model::session session;
  session.platform = card.platform;
  session.made = progress_before(card);
  session = begin(session, 3600, 1'000'000);
  session = take(session, policy_accepted{}, 1'001'000).session;
  const auto ends_as = [&](const device_data& given) {
    const auto responded_to = take(session, responded{progress_of(card, given)}, 1'002'000).session;
    return take(responded_to, submitted{}, 1'003'000);
  };
  const auto denied = ends_as({{{"contacts_count", 3}}, {"location"}, {"contacts"}});
  EXPECT_EQ(denied.emit->type, "application.incomplete");
  EXPECT_EQ(denied.emit->reasons, R"(["Missing permissions"])");
  EXPECT_EQ(denied.emit->details, R"({"application_started_at":1001,"last_response_submitted_at":1002,)"
                                  R"("percentage_completed":"0.5"})");
  EXPECT_EQ(ends_as({{{"contacts_count", 3}}, {}, {}}).emit->reasons, R"(["Missing permissions"])")
      << "not named is not granted";
  EXPECT_EQ(ends_as({{}, {"contacts"}, {}}).emit->reasons, R"(["Missing data"])");
  EXPECT_EQ(ends_as({{}, {}, {}}).emit->reasons, R"(["Missing data","Missing permissions"])");
  EXPECT_EQ(ends_as({{{"contacts_count", 3}}, {"contacts"}, {"location"}}).emit->type, "application.complete")
      << "an optional permission may be denied";
  EXPECT_EQ(take(session, submitted{}, 1'003'000).emit->reasons, R"(["Missing data"])") << "nothing was sent at all";
}

TEST(DeviceData, IsReadAndStored) {
  const auto data = read_device_data(
      R"({"features":{"n":35,"x":1.5,"big":18446744073709551615,"rooted":true,"ok":false},)"
      R"("permissions_granted":["contacts","contacts","android.permission.READ_SMS"],"permissions_denied":["location"]})");
  ASSERT_TRUE(data.has_value()) << data.error().detail;
  EXPECT_EQ(data->features.at("rooted"), 1);
  EXPECT_EQ(data->features.at("ok"), 0);
  EXPECT_EQ(data->permissions_granted, (std::vector<std::string>{"contacts", "android.permission.READ_SMS"}));
  EXPECT_EQ(read_device_data(write_device_data(*data)), *data);
  EXPECT_EQ(read_device_data("{}"), device_data{});
}

TEST(DeviceData, EveryFaultIsNamedByItsPlace) {
  const std::pair<std::string_view, std::string_view> bodies[]{
      {R"({"features":[]})", "/features: must be an object of at most 500 features"},
      {R"({"features":{"n":"35"}})", "/features/n: must be a number, true or false"},
      {R"({"features":{"n":null}})", "/features/n: must be a number, true or false"},
      {R"({"features":{"a/b":1}})", "/features/a~1b: must be 1 to 64 letters"},
      {R"({"permissions_granted":"contacts"})", "/permissions_granted: must be an array"},
      {R"({"permissions_granted":["a",1]})", "/permissions_granted/1: must be a string"},
      {R"({"permissions_denied":["no good"]})", "/permissions_denied/0: must be 1 to 64 letters"},
      {R"({"permissions_granted":["a"],"permissions_denied":["a"]})", "/permissions_denied: \"a\" is granted as well"},
      {R"({"feature":{}})", "/feature: is not known here"},
  };
  for (const auto& [body, finding] : bodies) {
    const auto got = read_device_data(body);
    ASSERT_FALSE(got.has_value()) << body;
    EXPECT_NE(places_of(got.error()).find(finding), std::string::npos) << places_of(got.error()) << finding;
  }
  EXPECT_EQ(read_device_data("nope").error().code, fault::malformed_json);
}

TEST(DeviceScorecard, EveryFaultIsNamedByItsPlace) {
  struct spoil {
    const char* pointer;
    const char* value;
    const char* finding;
  };
  const std::array spoils{
      spoil{"/platform", "\"WEB\"", R"(/platform: must be one of "ANDROID", "IOS")"},
      spoil{"/permissions/1/key", "\"contacts\"", "/permissions/1/key: \"contacts\" is used before"},
      spoil{"/features/1/key", "\"contacts_count\"", "/features/1/key: \"contacts_count\" is used before"},
      spoil{"/features/0/key", "\"\"", "/features/0/key: must be at least 1 character"},
      spoil{"/features/0/bands/1/below", "10", "/features/0/bands/1/below: must be greater than the one before it"},
      spoil{"/features/0/bands/1/below", "", "/features/0/bands/1/below: is required in all bands but the last"},
      spoil{"/features/0/bands/2/below", "90", "/features/0/bands/2/below: the last band takes the rest"},
      spoil{"/features/0/bands/1/points", "", "/features/0/bands/1/points: is required"},
      spoil{"/features/0/bands/1/points", "2000", "/features/0/bands/1/points: must be at most"},
      spoil{"/bands/2/up_to", "99", "/bands/2/up_to: must be 100"},
      spoil{"/features", R"([{"key":"a","missing_points":1,"bands":[{"points":1}]}])",
            "/features: every device would get the same points"},
  };
  for (const auto& each : spoils) {
    const auto got = read_device_scorecard(spoiled(documented_json(2), each.pointer, each.value));
    ASSERT_FALSE(got.has_value()) << each.pointer;
    EXPECT_NE(places_of(got.error()).find(each.finding), std::string::npos)
        << places_of(got.error()) << "want " << each.finding;
  }
  std::string nothing = spoiled(documented_json(2), "/permissions", "[]");
  nothing = spoiled(nothing, "/features/0/required", "false");
  EXPECT_NE(read_device_scorecard(nothing).error().detail.find("/features: nothing is required"), std::string::npos);
}

}  // namespace
}  // namespace posthorn::assessment
