#include "assessment/questionnaire_page.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <string>

#include "documents.hpp"

namespace posthorn::assessment {
namespace {

namespace json = boost::json;

TEST(QuestionnairePage, HasWhatIsAskedInOrder) {
  EXPECT_EQ(json::parse(page_json(small_questionnaire())), json::parse(R"({
    "key": "example", "version": 1, "language": "en", "title": "A small example",
    "scales": {"agreement": ["Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"],
               "often": ["Never", "Sometimes", "Always"]},
    "sections": [{"title": "All", "intro": "", "items": [
      {"key": "o1", "text": "I put things back where I found them.", "scale": "agreement", "required": true},
      {"key": "t1", "text": "I like it when my heart beats faster.", "scale": "agreement", "required": true},
      {"key": "o2", "text": "My desk is untidy.", "scale": "agreement", "required": true},
      {"key": "t2", "text": "I take the safest way.", "scale": "often", "required": true},
      {"key": "o3", "text": "I tidy up before bed.", "scale": "often", "required": false}]}]})"));
}

TEST(QuestionnairePage, TellsNothingOfTheScoringAndIsSmall) {
  const std::string page = page_json(default_questionnaire());
  for (const char* word : {"reverse", "\"trait", "conscientiousness"}) EXPECT_EQ(page.find(word), std::string::npos);
  EXPECT_LT(page.size(), 16U * 1024) << "a slow line carries it with the page";
}

}  // namespace
}  // namespace posthorn::assessment
