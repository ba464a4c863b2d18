// The worked examples of docs/scoring.md, number by number, and the edges of each rule.
#include "assessment/scoring.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "assessment/rounding.hpp"
#include "documents.hpp"

namespace posthorn::assessment {
namespace {

using model::risk_band;
using model::score_confidence;
using model::trait_score;
using flag_list = std::vector<std::string>;

model::psychometric_score small_score(const answers& given, const behaviour& seen) {
  return score_answers(given, seen, small_questionnaire(), small_scorecard()).value();
}

behaviour left_times(std::int32_t count) { return {.items = {}, .visits = {{"v", {count, 0}}}}; }

TEST(ScoringExamples, A) {
  const auto score = small_score(
      {{"o1", 4}, {"t1", 2}, {"o2", 1}, {"t2", 3}},
      {.items = {{"o1", {3000, 0}}, {"t1", {2500, 0}}, {"o2", {4000, 0}}, {"t2", {2000, 0}}}, .visits = {}});
  EXPECT_EQ(score.traits, (std::vector<trait_score>{{"order", 88, risk_band::low}, {"thrill", 13, risk_band::low}}));
  EXPECT_EQ(score.score, 88);
  EXPECT_EQ(score.band, risk_band::low);
  EXPECT_EQ(score.confidence, score_confidence::high);
  EXPECT_EQ(score.flags, flag_list{});
  EXPECT_EQ(score.quality, (model::answer_quality{.fast_percent = 0, .longest_run = 1}));
}

TEST(ScoringExamples, B) {
  const auto score = small_score({{"o1", 2}, {"t1", 5}, {"o2", 4}, {"t2", 1}, {"o3", 2}}, left_times(3));
  EXPECT_EQ(score.traits, (std::vector<trait_score>{{"order", 33, risk_band::high}, {"thrill", 100, risk_band::high}}));
  EXPECT_EQ(score.score, 25);
  EXPECT_EQ(score.band, risk_band::high);
  EXPECT_EQ(score.confidence, score_confidence::medium);
  EXPECT_EQ(score.flags, flag_list{"DISTRACTED"});
  EXPECT_EQ(score.quality.doubt_points, 2);
  EXPECT_EQ(score.quality.fast_percent, std::nullopt);
}

TEST(ScoringExamples, C) {
  behaviour seen = left_times(1);
  seen.items = {{"o1", {400, 0}}, {"t1", {600, 0}}, {"o2", {900, 0}}, {"t2", {2000, 0}}, {"o3", {2500, 0}}};
  const auto score = small_score({{"o1", 5}, {"t1", 5}, {"o2", 5}, {"t2", 2}, {"o3", 2}}, seen);
  EXPECT_EQ(score.traits,
            (std::vector<trait_score>{{"order", 50, risk_band::medium}, {"thrill", 75, risk_band::high}}));
  EXPECT_EQ(score.score, 44);
  EXPECT_EQ(score.band, risk_band::medium);
  EXPECT_EQ(score.confidence, score_confidence::low);
  EXPECT_EQ(score.flags, (flag_list{"TOO_FAST", "STRAIGHT_LINING", "CONTRADICTORY"}));
  EXPECT_EQ(score.quality, (model::answer_quality{.fast_percent = 60,
                                                  .longest_run = 3,
                                                  .contradictory_pairs = 1,
                                                  .changed_percent = 0,
                                                  .focus_lost = 1,
                                                  .away_ms = 0,
                                                  .doubt_points = 6}));
}

model::psychometric_score default_score(const answers& given) {
  behaviour seen;
  for (const auto& [key, choice] : given) seen.items[key] = {3000, 0};
  return score_answers(given, seen, default_questionnaire(), default_scorecard()).value();
}

TEST(ScoringExamples, D) {
  answers given;
  for (const auto& item : default_questionnaire().items) given[item.key] = 5;
  const auto score = default_score(given);
  for (const auto& trait : score.traits) EXPECT_EQ(trait, (trait_score{trait.key, 50, risk_band::medium}));
  EXPECT_EQ(score.score, 50);
  EXPECT_EQ(score.band, risk_band::medium);
  EXPECT_EQ(score.flags, (flag_list{"STRAIGHT_LINING", "CONTRADICTORY"}));
  EXPECT_EQ(score.quality.longest_run, 48);
  EXPECT_EQ(score.quality.contradictory_pairs, 12);
  EXPECT_EQ(score.quality.doubt_points, 4);
  EXPECT_EQ(score.confidence, score_confidence::low);
}

// The best and the worst answers of the default reach both ends, whatever the direction of a trait.
TEST(Scoring, TheDefaultReachesBothEnds) {
  for (const bool best : {true, false}) {
    answers given;
    for (const auto& item : default_questionnaire().items) {
      const bool adverse = default_scorecard().traits[item.trait].adverse;
      given[item.key] = (best != (item.reverse != adverse)) ? 5 : 1;
    }
    const auto score = default_score(given);
    EXPECT_EQ(score.score, best ? 100 : 0);
    EXPECT_EQ(score.band, best ? risk_band::low : risk_band::high);
    EXPECT_EQ(score.confidence, score_confidence::high) << "consistent, varied and timed";
    for (const auto& trait : score.traits) EXPECT_EQ(trait.band, score.band) << trait.key;
  }
}

TEST(Scoring, EveryFaultOfTheAnswersIsNamed) {
  const auto error =
      score_answers({{"o1", 6}, {"t1", 0}, {"t2", 4}, {"zz", 1}}, {}, small_questionnaire(), small_scorecard()).error();
  EXPECT_EQ(places_of(error),
            "/answers/o1: must be a choice from 1 to 5\n/answers/t1: must be a choice from 1 to 5\n"
            "/answers/t2: must be a choice from 1 to 3\n/answers/zz: is no item of this questionnaire\n"
            "/answers/o1: is required\n/answers/t1: is required\n/answers/o2: is required\n/answers/t2: is required\n");
}

const answers plain{{"o1", 3}, {"t1", 2}, {"o2", 3}, {"t2", 2}};

TEST(Scoring, TooFastFromItsPercentOnAndOnlyWhereHalfIsTimed) {
  behaviour seen{.items = {{"o1", {999, 0}}, {"t1", {1000, 0}}}, .visits = {}};
  EXPECT_EQ(small_score(plain, seen).flags, flag_list{"TOO_FAST"}) << "1 of 2 timed, 2 of 4 answers timed";
  seen.items["o2"] = {1000, 0};
  EXPECT_EQ(small_score(plain, seen).flags, flag_list{}) << "1 of 3";
  const behaviour scarcely{.items = {{"o1", {10, 0}}}, .visits = {}};
  const auto score = small_score(plain, scarcely);
  EXPECT_EQ(score.flags, flag_list{});
  EXPECT_EQ(score.quality.doubt_points, 1) << "untimed";
  EXPECT_EQ(score.confidence, score_confidence::medium);
}

TEST(Scoring, ARunSkipsWhatWasNotAnsweredAndEndsWithTheScale) {
  EXPECT_EQ(small_score({{"o1", 2}, {"t1", 2}, {"o2", 2}, {"t2", 2}, {"o3", 2}}, {}).quality.longest_run, 3);
  EXPECT_EQ(small_score({{"o1", 1}, {"t1", 2}, {"o2", 3}, {"t2", 2}, {"o3", 2}}, {}).quality.longest_run, 2);
}

TEST(Scoring, APairContradictsFromItsGapOn) {
  const auto pairs = [](int o1, int o2) {
    return small_score({{"o1", o1}, {"t1", 2}, {"o2", o2}, {"t2", 2}}, {}).quality.contradictory_pairs;
  };
  EXPECT_EQ(pairs(5, 4), 1) << "100 and 25";
  EXPECT_EQ(pairs(5, 3), 0) << "100 and 50";
  EXPECT_EQ(pairs(1, 2), 1) << "0 and 75";
  EXPECT_EQ(pairs(5, 1), 0) << "the same, said twice";
}

TEST(Scoring, DistractedByTimesOrByTimeAway) {
  EXPECT_EQ(small_score(plain, left_times(2)).flags, flag_list{});
  EXPECT_EQ(small_score(plain, {.items = {}, .visits = {{"a", {1, 30'000}}, {"b", {1, 30'000}}}}).flags,
            flag_list{"DISTRACTED"})
      << "visits add up";
  EXPECT_EQ(small_score(plain, {.items = {}, .visits = {{"a", {1, 59'999}}}}).flags, flag_list{});
}

TEST(Scoring, ManyChangesMakeItLessSureWithoutAFlag) {
  const behaviour seen{.items = {{"o1", {2000, 1}}, {"t1", {2000, 3}}, {"o2", {2000, 0}}, {"t2", {2000, 0}}},
                       .visits = {}};
  const auto score = small_score(plain, seen);
  EXPECT_EQ(score.quality.changed_percent, 50);
  EXPECT_EQ(score.flags, flag_list{});
  EXPECT_EQ(score.confidence, score_confidence::medium);
}

TEST(Rounding, AHalfGoesUp) {
  EXPECT_EQ(divide_rounded(25, 2), 13);
  EXPECT_EQ(divide_rounded(24, 2), 12);
  EXPECT_EQ(divide_rounded(1, 3), 0);
  EXPECT_EQ(divide_rounded(2, 3), 1);
  EXPECT_EQ(divide_rounded(0, 7), 0);
  EXPECT_EQ(divide_rounded(100, 1), 100);
}

}  // namespace
}  // namespace posthorn::assessment
