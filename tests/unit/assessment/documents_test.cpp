#include "documents.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

#include "assessment/document.hpp"
#include "base/limits.hpp"

namespace posthorn::assessment {
namespace {

using base::fault;

struct spoil {
  const char* pointer;
  const char* value;  // "": removed
  const char* finding;
  fault code = fault::invalid_field;
};

template <class Read>
void expect_findings(std::string_view document, std::span<const spoil> spoils, Read read) {
  for (const spoil& each : spoils) {
    const auto got = read(spoiled(document, each.pointer, each.value));
    ASSERT_FALSE(got.has_value()) << each.pointer << " = " << each.value;
    EXPECT_NE(places_of(got.error()).find(each.finding), std::string::npos)
        << each.pointer << " = " << each.value << "\n got " << places_of(got.error()) << "want " << each.finding;
    EXPECT_EQ(got.error().code, each.code) << each.pointer;
  }
}

TEST(Questionnaire, EveryFaultIsNamedByItsPlace) {
  const std::array spoils{
      spoil{"/key", "\"has space\"", "/key: must be 1 to 64 letters"},
      spoil{"/key", "", "/key: is required", fault::missing_field},
      spoil{"/author", "\"me\"", "/author: is not known here", fault::unknown_field},
      spoil{"/version", "\"1\"", "/version: must be an integer"},
      spoil{"/version", "0", "/version: must be at least 1"},
      spoil{"/title", "7", "/title: must be a string"},
      spoil{"/sections", "{}", "/sections: must be an array"},
      spoil{"/sections", "[]", "/sections: must have at least 1 item"},
      spoil{"/sections/0/items/0/text", "", "/sections/0/items/0/text: is required", fault::missing_field},
      spoil{"/sections/0/items/0/weight", "1", "/sections/0/items/0/weight: is not known here", fault::unknown_field},
      spoil{"/sections/0/items/1/reverse", "\"yes\"", "/sections/0/items/1/reverse: must be true or false"},
      spoil{"/sections/0/items/1/trait", "\"charm\"", "/sections/0/items/1/trait: there is no trait \"charm\""},
      spoil{"/sections/0/items/1/scale", "\"stars\"", "/sections/0/items/1/scale: there is no scale \"stars\""},
      spoil{"/sections/0/items/1/key", "\"o1\"", "/sections/0/items/1/key: \"o1\" is used before"},
      spoil{"/traits/-", R"({"key":"charm","name":"Charm"})", "/traits/2: no required item asks for this trait"},
      spoil{"/traits/0/key", "\"thrill\"", "/traits/1/key: \"thrill\" is used before"},
      spoil{"/scales/0/labels", "[\"only one\"]", "/scales/0/labels: must have at least 2 items"},
  };
  expect_findings(documented_json(0), spoils, read_questionnaire);
}

TEST(Questionnaire, WhatIsNoDocumentIsRefused) {
  EXPECT_EQ(read_questionnaire("").error().code, fault::malformed_json);
  EXPECT_EQ(read_questionnaire("{} x").error().code, fault::malformed_json);
  EXPECT_EQ(read_questionnaire("[]").error().detail, "must be an object");
  EXPECT_EQ(read_questionnaire(std::string(base::limits::assessment_document_bytes_max + 1, ' ')).error().code,
            fault::payload_too_large);
}

TEST(Questionnaire, ManyFaultsAreNamedTogetherAndBounded) {
  std::string text = spoiled(documented_json(0), "/title", "");
  text = spoiled(text, "/version", "0");
  EXPECT_EQ(read_questionnaire(text).error().fields.size(), 2U);
  for (int i = 0; i < 40; ++i) text = spoiled(text, "/x" + std::to_string(i), "1");
  EXPECT_LE(read_questionnaire(text).error().fields.size(), base::limits::field_errors_max);
}

TEST(Questionnaire, TheDefaultHasTwelveTraitsAndFortyEightItems) {
  const questionnaire& of = default_questionnaire();
  ASSERT_EQ(of.traits.size(), 12U);
  ASSERT_EQ(of.items.size(), 48U);
  std::map<std::size_t, int> items;
  std::map<std::size_t, int> reverse;
  std::set<std::string> texts;
  for (const auto& item : of.items) {
    ++items[item.trait];
    reverse[item.trait] += item.reverse ? 1 : 0;
    EXPECT_TRUE(item.required);
    EXPECT_TRUE(texts.insert(item.text).second) << item.text;
    EXPECT_TRUE(item.text.ends_with('.')) << item.text;
  }
  for (std::size_t trait = 0; trait < 12; ++trait) {
    EXPECT_EQ(items[trait], 4) << of.traits[trait].key;
    EXPECT_EQ(reverse[trait], 2) << of.traits[trait].key << ": agreeing with all must not score";
  }
  EXPECT_EQ(of.find_item("q48"), &of.items.back());
  EXPECT_EQ(of.find_item("q49"), nullptr);
}

TEST(Scorecard, EveryFaultIsNamedByItsPlace) {
  const std::array spoils{
      spoil{"/questionnaire/version", "2",
            "/questionnaire: is \"example\" version 2, but the questionnaire at hand is"},
      spoil{"/traits/0/trait", "\"charm\"", "/traits/0/trait: the questionnaire has no trait \"charm\""},
      spoil{"/traits/0/trait", "\"charm\"", "/traits: has no rule for the trait \"order\""},
      spoil{"/traits/1/trait", "\"order\"", "/traits/1/trait: \"order\" has a rule before this one"},
      spoil{"/traits/0/weight", "-1", "/traits/0/weight: must be at least 0"},
      spoil{"/traits/0/weight", "1.5", "/traits/0/weight: must be an integer"},
      spoil{"/bands/0/band", "\"GOOD\"", R"(/bands/0/band: must be one of "LOW", "MEDIUM", "HIGH")"},
      spoil{"/bands/1/up_to", "10", "/bands/1/up_to: must be greater than the one before it"},
      spoil{"/bands/2/up_to", "99", "/bands/2/up_to: must be 100"},
      spoil{"/traits/1/bands/2/up_to", "99", "/traits/1/bands/2/up_to: must be 100"},
      spoil{"/quality/pairs/0", R"(["o1","t1"])", "/quality/pairs/0: must be two different items of one trait"},
      spoil{"/quality/pairs/0", R"(["o1","o1"])", "/quality/pairs/0: must be two different items of one trait"},
      spoil{"/quality/pairs/0", R"(["o1","z9"])", "/quality/pairs/0/1: the questionnaire has no item \"z9\""},
      spoil{"/quality/doubt/untimed", "", "/quality/doubt/untimed: is required", fault::missing_field},
      spoil{"/quality/medium_from", "4", "/quality/low_from: must not be below medium_from"},
  };
  expect_findings(documented_json(1), spoils,
                  [](std::string_view text) { return read_scorecard(text, small_questionnaire()); });
  std::string weightless = spoiled(documented_json(1), "/traits/0/weight", "0");
  weightless = spoiled(weightless, "/traits/1/weight", "0");
  EXPECT_EQ(read_scorecard(weightless, small_questionnaire()).error().detail,
            "/traits: needs at least one weight above 0");
}

TEST(Scorecard, TheDefaultFitsTheDefaultQuestionnaire) {
  const scorecard& card = default_scorecard();
  EXPECT_EQ(card.traits.size(), 12U);
  EXPECT_EQ(card.quality.pairs.size(), 12U);
  int weights = 0;
  for (const auto& rule : card.traits) weights += rule.weight;
  EXPECT_EQ(weights, 100);
  for (const auto& pair : card.quality.pairs) {
    EXPECT_NE(default_questionnaire().items[pair.first].reverse, default_questionnaire().items[pair.second].reverse)
        << "each pair of the default says one thing and its opposite";
  }
}

TEST(Bands, EveryValueHasOne) {
  const band_list bands = small_scorecard().bands;
  EXPECT_EQ(band_of(bands, 0), model::risk_band::high);
  EXPECT_EQ(band_of(bands, 39), model::risk_band::high);
  EXPECT_EQ(band_of(bands, 40), model::risk_band::medium);
  EXPECT_EQ(band_of(bands, 64), model::risk_band::medium);
  EXPECT_EQ(band_of(bands, 65), model::risk_band::low);
  EXPECT_EQ(band_of(bands, 100), model::risk_band::low);
}

}  // namespace
}  // namespace posthorn::assessment
