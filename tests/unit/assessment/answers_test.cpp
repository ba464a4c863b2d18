#include "assessment/answers.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "base/limits.hpp"
#include "documents.hpp"

namespace posthorn::assessment {
namespace {

using base::fault;

answer_sheet sheet_after(std::initializer_list<std::string_view> reports) {
  answer_sheet sheet;
  for (const auto report : reports) {
    const auto taken = take_report(sheet, report, small_questionnaire());
    EXPECT_TRUE(taken.has_value()) << report << ": " << taken.error().detail;
  }
  return sheet;
}

TEST(Answers, AReportSentTwiceCountsOnce) {
  constexpr std::string_view report =
      R"({"answers":[{"item":"o1","choice":4,"time_ms":2300}],"visit":"a","focus_lost":1,"away_ms":4000})";
  EXPECT_EQ(sheet_after({report, report}), sheet_after({report}));
}

TEST(Answers, AnotherChoiceIsAChangeAndItsTimeIsAdded) {
  const auto sheet = sheet_after({R"({"answers":[{"item":"o1","choice":4,"time_ms":2300}]})",
                                  R"({"answers":[{"item":"o1","choice":2,"time_ms":700}]})"});
  EXPECT_EQ(sheet.answers.at("o1"), 2);
  EXPECT_EQ(sheet.behaviour.items.at("o1"), (item_behaviour{3000, 1}));
}

TEST(Answers, VisitsAreKeptApartAndEachGrowsByItsTotals) {
  const auto sheet = sheet_after({R"({"visit":"a","focus_lost":1,"away_ms":4000})", R"({"visit":"b","focus_lost":2})",
                                  R"({"visit":"a","focus_lost":3,"away_ms":2000})"});
  EXPECT_EQ(sheet.behaviour.visits.at("a"), (visit_behaviour{3, 4000}));
  EXPECT_EQ(sheet.behaviour.visits.at("b"), (visit_behaviour{2, 0}));
}

TEST(Answers, VisitsAreBounded) {
  answer_sheet sheet;
  for (std::size_t i = 0; i < base::limits::page_visits_max + 10; ++i) {
    ASSERT_TRUE(
        take_report(sheet, R"({"visit":"v)" + std::to_string(i) + R"(","focus_lost":1})", small_questionnaire()));
  }
  EXPECT_EQ(sheet.behaviour.visits.size(), base::limits::page_visits_max);
}

TEST(Answers, AReportWithAFaultIsNotTakenAtAll) {
  const std::pair<std::string_view, std::string_view> reports[]{
      {R"({"answers":[{"item":"o1","choice":4},{"item":"zz","choice":1}]})",
       "/answers/1/item: is no item of this questionnaire"},
      {R"({"answers":[{"item":"o1","choice":6}]})", "/answers/0/choice: must be an integer from 1 to 5"},
      {R"({"answers":[{"item":"t2","choice":4}]})", "/answers/0/choice: must be an integer from 1 to 3"},
      {R"({"answers":[{"item":"o1","choice":"4"}]})", "/answers/0/choice: must be an integer"},
      {R"({"answers":[{"item":"o1","choice":4.0}]})", "/answers/0/choice: must be an integer"},
      {R"({"answers":[{"item":"o1"}]})", "/answers/0/choice: is required"},
      {R"({"answers":[{"choice":1}]})", "/answers/0/item: is required"},
      {R"({"answers":[{"item":"o1","choice":1,"time_ms":-1}]})", "/answers/0/time_ms: must be an integer from 0"},
      {R"({"answers":[7]})", "/answers/0: must be an object"},
      {R"({"answers":{}})", "/answers: must be an array of at most 500 entries"},
      {R"({"focus_lost":1})", "/visit: is required"},
      {R"({"visit":"","focus_lost":1})", "/visit: must be a string of 1 to 32 bytes"},
      {R"({"score":100})", "/score: is not known here"},
  };
  for (const auto& [report, finding] : reports) {
    answer_sheet sheet;
    const auto taken = take_report(sheet, report, small_questionnaire());
    ASSERT_FALSE(taken.has_value()) << report;
    EXPECT_NE(places_of(taken.error()).find(finding), std::string::npos) << places_of(taken.error()) << finding;
    EXPECT_EQ(sheet, answer_sheet{}) << report;
  }
  answer_sheet sheet;
  EXPECT_EQ(take_report(sheet, "{", small_questionnaire()).error().code, fault::malformed_json);
  EXPECT_EQ(take_report(sheet, "[]", small_questionnaire()).error().code, fault::invalid_field);
}

TEST(Answers, ProgressCountsRequiredItemsOnly) {
  const auto of = small_questionnaire();
  EXPECT_EQ(progress_of(of, {}), (model::progress{.done = 0, .required = 4}));
  EXPECT_EQ(progress_of(of, {{"o1", 1}, {"o3", 1}}), (model::progress{.done = 1, .required = 4}));
  EXPECT_EQ(progress_of(of, {{"o1", 1}, {"t1", 1}, {"o2", 1}, {"t2", 1}}), (model::progress{.done = 4, .required = 4}));
}

TEST(Answers, WhatIsStoredIsReadBackEqual) {
  const auto sheet = sheet_after({R"({"answers":[{"item":"o1","choice":4,"time_ms":2300},{"item":"t2","choice":1}]})",
                                  R"({"answers":[{"item":"o1","choice":5}],"visit":"\u00e9\"x","focus_lost":2})"});
  EXPECT_EQ(read_sheet(write_sheet(sheet)), sheet);
  EXPECT_EQ(read_sheet(write_sheet({})), answer_sheet{});
  for (const std::string_view broken : {"", "[]", "{}", R"({"items":{"o1":[1]},"visits":{}})", R"({"items":[]})"}) {
    EXPECT_FALSE(read_sheet(broken).has_value()) << broken;
  }
}

}  // namespace
}  // namespace posthorn::assessment
