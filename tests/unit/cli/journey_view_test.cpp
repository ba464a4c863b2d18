#include "cli/journey_view.hpp"

#include <gtest/gtest.h>

namespace posthorn::cli {
namespace {

constexpr std::string_view looked = R"({
  "session_id": "ses_1", "uid": "anna-0001", "state": "in_progress", "platform": "WEB", "outcome": null,
  "redirect_url": null, "progress": {"done": 1, "required": 1},
  "questionnaire": {"key": "short", "version": 2, "scales": {"agree": ["no", "maybe", "yes"], "often": ["never", "always"]},
    "sections": [{"title": "A", "intro": "", "items": [{"key": "a", "text": "?", "scale": "agree", "required": true}]},
                 {"title": "B", "intro": "", "items": [{"key": "b", "text": "?", "scale": "often", "required": false}]}]},
  "answers": {"a": 3}, "device_requirements": null})";

TEST(journey_view, takes_questions_answers_and_state_from_a_look) {
  journey_view view;
  ASSERT_TRUE(take_answer(view, looked));
  EXPECT_EQ(view.platform, "WEB");
  EXPECT_EQ(view.state, "in_progress");
  EXPECT_EQ(view.outcome, "");
  EXPECT_EQ(view.questionnaire, "short");
  ASSERT_EQ(view.questions.size(), 2u);
  EXPECT_EQ(view.questions[0].key, "a");
  EXPECT_EQ(view.questions[0].choices, 3);
  EXPECT_TRUE(view.questions[0].required);
  EXPECT_EQ(view.questions[1].choices, 2);
  EXPECT_FALSE(view.questions[1].required);
  EXPECT_EQ(view.answers, (choices{{"a", 3}}));
}

TEST(journey_view, keeps_what_a_later_answer_does_not_name) {
  journey_view view;
  ASSERT_TRUE(take_answer(view, looked));
  ASSERT_TRUE(take_answer(view, R"({"state":"in_progress","platform":"WEB","outcome":null,"missing":["b"]})"));
  EXPECT_EQ(view.questions.size(), 2u);
  EXPECT_EQ(view.missing, std::vector<std::string>{"b"});
  ASSERT_TRUE(take_answer(view, R"({"state":"scored","platform":"WEB","outcome":"complete"})"));
  EXPECT_TRUE(view.missing.empty());
  EXPECT_EQ(view.outcome, "complete");
}

TEST(journey_view, takes_what_a_device_must_give) {
  journey_view view;
  ASSERT_TRUE(take_answer(view, R"({"state":"created","platform":"IOS","outcome":null,"questionnaire":null,"answers":{},
      "device_requirements":{"permissions":["contacts"],"features":["contacts_count"]}})"));
  EXPECT_EQ(view.permissions, std::vector<std::string>{"contacts"});
  EXPECT_EQ(view.features, std::vector<std::string>{"contacts_count"});
}

TEST(journey_view, refuses_what_is_no_journey) {
  journey_view view;
  for (const std::string_view body : {"", "no", "[]", "{}", R"({"state":1,"platform":"WEB","outcome":null})"}) {
    EXPECT_FALSE(take_answer(view, body)) << body;
  }
}

TEST(journey_view, finds_the_token) {
  EXPECT_EQ(read_token(R"({"access_token":"a.b.c","url":"https://x/"})").value(), "a.b.c");
  EXPECT_FALSE(read_token(R"({"url":"https://x/"})"));
  EXPECT_FALSE(read_token("<html>"));
}

}  // namespace
}  // namespace posthorn::cli
