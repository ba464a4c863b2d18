#include "cli/tally.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "cli/tally_text.hpp"

namespace posthorn::cli {
namespace {

namespace json = boost::json;

journey_result result(ending planned, std::optional<ending> ended, std::string refusal = {}) {
  return {.uid = "anna-000001",
          .platform = "WEB",
          .who = habit::careful,
          .planned = planned,
          .ended = ended,
          .refusal = std::move(refusal)};
}

tally some() {
  tally all;
  all.add(result(ending::complete, ending::complete));
  all.add(result(ending::complete, ending::complete));
  all.add(result(ending::complete, ending::expired));
  all.add(result(ending::expired, ending::expired));
  for (int i = 0; i < 3; ++i) all.add(result(ending::cancelled, {}, "POST /x answered 422: no"));
  return all;
}

TEST(tally, counts_plans_and_ends_apart) {
  const tally all = some();
  EXPECT_EQ(all.all(), 7);
  EXPECT_EQ(all.unplanned(), 4);
  EXPECT_EQ(all.of(ending::complete).planned, 3);
  EXPECT_EQ(all.of(ending::complete).ended, 2);
  EXPECT_EQ(all.of(ending::complete).as_planned, 2);
  EXPECT_EQ(all.of(ending::expired).planned, 1);
  EXPECT_EQ(all.of(ending::expired).ended, 2);
  EXPECT_EQ(all.of(ending::cancelled).ended, 0);
  EXPECT_EQ(all.refusals().front(), (std::pair<std::string, int>("POST /x answered 422: no", 3)));
  EXPECT_EQ(all.refusals().size(), 2u);
}

TEST(tally, an_end_makes_its_events) {
  journey_result one = result(ending::complete, ending::complete);
  EXPECT_EQ(event_types_of(one), (std::vector<std::string>{"application.complete", "psychometric_score.complete"}));
  one.platform = "ANDROID";
  EXPECT_EQ(event_types_of(one).back(), "android_score.complete");
  one.platform = "IOS";
  EXPECT_EQ(event_types_of(one).back(), "ios_score.complete");
  one.ended = ending::incomplete;
  EXPECT_EQ(event_types_of(one), std::vector<std::string>{"application.incomplete"});
  one.ended = {};
  EXPECT_TRUE(event_types_of(one).empty());
}

TEST(tally, tells_each_uid_as_json) {
  const json::value whole = json::parse(
      to_json({result(ending::complete, ending::complete), result(ending::cancelled, {}, "no")}, "mixed", 7));
  EXPECT_EQ(whole.at("profile"), "mixed");
  EXPECT_EQ(whole.at("seed"), 7);
  const json::value& first = whole.at("people").at(0);
  EXPECT_EQ(first.at("uid"), "anna-000001");
  EXPECT_EQ(first.at("habit"), "careful");
  EXPECT_EQ(first.at("expected"), "complete");
  EXPECT_EQ(first.at("ended"), "complete");
  EXPECT_EQ(first.at("as_planned"), true);
  EXPECT_TRUE(first.at("refusal").is_null());
  const json::value& second = whole.at("people").at(1);
  EXPECT_TRUE(second.at("ended").is_null());
  EXPECT_EQ(second.at("refusal"), "no");
  EXPECT_TRUE(second.at("events").as_array().empty());
}

constexpr moment halfway{.people = 14, .ran_ms = 2'000, .requests = 300, .repeated = 4};

TEST(tally_text, a_bar_fits_its_line) {
  const tally all = some();
  EXPECT_EQ(
      bar_line(all, halfway, 120),
      "[###############...............] 7/14 4/s ETA 0:02 complete 2 incomplete 0 cancelled 0 left 2 unplanned 4");
  for (const std::size_t columns : {1u, 20u, 80u, 95u, 100u})
    EXPECT_LE(bar_line(all, halfway, columns).size(), columns);
}

TEST(tally_text, nothing_yet_is_no_fault) {
  const moment start{.people = 3, .ran_ms = 0, .requests = 0, .repeated = 0};
  EXPECT_TRUE(bar_line({}, start, 100).contains("0/3"));
  EXPECT_TRUE(plain_line({}, start).contains("0/3 journeys after 0:00"));
}

TEST(tally_text, the_table_has_every_outcome_and_what_went_wrong) {
  const std::string text = table_text(some(), halfway);
  EXPECT_TRUE(text.contains("complete            3        2           2\n")) << text;
  EXPECT_TRUE(text.contains("expired             1        2           1  once their time limit passes\n")) << text;
  EXPECT_TRUE(text.contains("7 of 14 journeys in 2.0 s, 300 requests, 4 of them repeats\n")) << text;
  EXPECT_TRUE(text.contains("       3 x POST /x answered 422: no\n")) << text;
  EXPECT_TRUE(text.contains("       1 x it ended in another way than planned\n")) << text;
  EXPECT_FALSE(table_text({}, halfway).contains("another way"));
}

}  // namespace
}  // namespace posthorn::cli
