#include "assessment/document_catalogue.hpp"

#include <gtest/gtest.h>

#include "unit/assessment/documents.hpp"

namespace posthorn::assessment {
namespace {

std::string refusal(const std::vector<named_text>& documents) {
  const auto made = document_catalogue::make(documents);
  if (made) return "taken";
  EXPECT_EQ(made.error().code, base::fault::invalid_configuration);
  return made.error().detail;
}

TEST(DocumentCatalogue, KnowsPosthornsOwn) {
  const document_catalogue own;
  EXPECT_EQ(own.find_questionnaire({"default", 1}), &default_questionnaire());
  EXPECT_EQ(own.find_scorecard({"default", 1}), &default_scorecard());
  EXPECT_EQ(own.find_device_scorecard({"default", 1}, model::platform::ios),
            &default_device_scorecard(model::platform::ios));
  EXPECT_EQ(own.find_device_scorecard({"android-default", 1}, model::platform::ios), nullptr);
  EXPECT_EQ(own.find_questionnaire({"default", 2}), nullptr);
}

TEST(DocumentCatalogue, TakesAnOperatorsInAnyOrder) {
  const std::vector<named_text> documents{{"card.json", documented_json(1)}, {"asks.json", documented_json(0)}};
  const auto made = document_catalogue::make(documents);
  ASSERT_TRUE(made) << made.error().detail;
  ASSERT_NE(made->find_questionnaire({"example", 1}), nullptr);
  EXPECT_EQ(made->find_questionnaire({"example", 1})->items.size(), 5u);
  EXPECT_NE(made->find_scorecard({"example", 1}), nullptr);
  EXPECT_NE(made->find_questionnaire({"default", 1}), nullptr);
  model::assessment_settings settings;
  settings.questionnaire = {"example", 1};
  EXPECT_TRUE(made->knows_questionnaire(settings));
  EXPECT_FALSE(made->knows_scorecard(settings)) << "the default scorecard is of another questionnaire";
  settings.scorecard = {"example", 1};
  EXPECT_TRUE(made->knows_scorecard(settings));
}

TEST(DocumentCatalogue, NamesTheFileAndThePlaceOfAFault) {
  EXPECT_NE(refusal({{"a.json", "{"}}).find("a.json: "), std::string::npos);
  EXPECT_EQ(refusal({{"a.json", "[]"}}), "a.json: must be a JSON object");
  EXPECT_NE(refusal({{"a.json", documented_json(1)}}).find("there is no questionnaire \"example\" of version 1"),
            std::string::npos);
  EXPECT_NE(refusal({{"a.json", R"({"sections":[]})"}}).find("/key"), std::string::npos);
  EXPECT_NE(refusal({{"a.json", documented_json(0)}, {"b.json", documented_json(0)}}).find("b.json: there is another"),
            std::string::npos);
  EXPECT_NE(refusal({{"d.json", std::string(default_questionnaire_text())}}).find("a correction is a new version"),
            std::string::npos);
  EXPECT_NE(refusal({{"d.json", std::string(default_device_scorecard_text(model::platform::ios))}})
                .find("a correction is a new version"),
            std::string::npos);
}

}  // namespace
}  // namespace posthorn::assessment
