#include "assessment/session_content.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace posthorn::assessment {
namespace {

namespace json = boost::json;
using base::fault;
using model::platform;
using store::session_record;

const document_catalogue own;

session_record session_on(platform of) {
  session_record made;
  made.value.platform = of;
  return made;
}

TEST(Catalogue, KnowsWhatComesWithPosthornByKeyVersionAndPlatform) {
  model::assessment_settings settings;
  for (const platform each : {platform::web, platform::android, platform::ios}) {
    settings.platform = each;
    EXPECT_TRUE(own.knows_questionnaire(settings) && own.knows_scorecard(settings)) << model::to_string(each);
  }
  settings.scorecard = {"ios-default", 1};
  EXPECT_TRUE(own.knows_scorecard(settings));
  settings.platform = platform::android;
  EXPECT_FALSE(own.knows_scorecard(settings)) << "the other device's";
  settings.platform = platform::web;
  EXPECT_FALSE(own.knows_scorecard(settings));
  settings = {};
  settings.questionnaire.version = 2;
  EXPECT_FALSE(own.knows_questionnaire(settings));
  EXPECT_FALSE(own.knows_scorecard(settings)) << "it is for version 1";
}

TEST(SessionContent, CountsAnswersAndNamesThoseThatAreMissing) {
  session_record of = session_on(platform::web);
  EXPECT_EQ(progress_at_start(own, of).value(), (model::progress{.done = 0, .required = 48}));
  EXPECT_EQ(missing_of(own, of).value().size(), 48u);
  const auto taken = take_answers(own, of, R"({"answers":[{"item":"q01","choice":4}]})");
  ASSERT_TRUE(taken);
  EXPECT_TRUE(taken->is_response);
  EXPECT_EQ(taken->made.done, 1);
  of.given = taken->given;
  EXPECT_EQ(missing_of(own, of).value().front(), "q02");
  const auto again = take_answers(own, of, R"({"answers":[{"item":"q01","choice":4}]})");
  EXPECT_EQ(again.value().given, of.given);
  EXPECT_FALSE(again.value().is_response) << "nothing new";
  EXPECT_FALSE(take_answers(own, of, R"({"visit":"a","focus_lost":1})").value().is_response);
  EXPECT_EQ(take_device_data(own, of, "{}").error().code, fault::not_acceptable_now);
  EXPECT_FALSE(score_of(own, of)) << "it is not whole";
}

TEST(SessionContent, TakesADevicesDataInThePlaceOfWhatWasThere) {
  session_record of = session_on(platform::ios);
  of.given = take_device_data(own, of, R"({"features":{"contacts_count":5}})").value().given;
  const auto whole =
      take_device_data(own, of, R"({"features":{"device_age_days":400,"contacts_count":120,"calendar_events_90d":12},
              "permissions_granted":["contacts","calendars"],"permissions_denied":["location"]})");
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->made.done, whole->made.required);
  of.given = whole->given;
  EXPECT_TRUE(missing_of(own, of).value().empty());
  const json::value shown = json::parse(write_score(score_of(own, of).value()));
  EXPECT_EQ(shown.as_object().size(), 4u);
  EXPECT_EQ(shown.at("permissions_denied"), json::array{"location"});
  of.given = take_device_data(own, of, R"({"permissions_denied":["contacts"]})").value().given;
  EXPECT_EQ(missing_of(own, of).value(), (std::vector<std::string>{"contacts", "calendars", "device_age_days",
                                                                   "contacts_count", "calendar_events_90d"}));
  EXPECT_EQ(take_answers(own, of, "{}").error().code, fault::not_acceptable_now);
}

TEST(SessionContent, DoesNotGuessAtDocumentsThatAreNotThere) {
  session_record of = session_on(platform::web);
  of.questionnaire.version = 9;
  EXPECT_EQ(progress_at_start(own, of).error().code, fault::internal);
  EXPECT_EQ(take_answers(own, of, "{}").error().code, fault::internal);
  of = session_on(platform::android);
  of.scorecard.key = "gone";
  EXPECT_EQ(missing_of(own, of).error().code, fault::internal);
  EXPECT_EQ(score_of(own, of).error().code, fault::internal);
}

}  // namespace
}  // namespace posthorn::assessment
