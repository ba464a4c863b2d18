// A questionnaire: sections of items, each a statement on a scale that tells something of one trait. Read from JSON
// (data/questionnaire.schema.json; docs/scoring.md), never changed afterwards: a change is a new version.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace posthorn::assessment {

struct answer_scale {
  std::string key;
  std::vector<std::string> labels;  // from the least to the most; choice 1 is the first
};

struct questionnaire_trait {
  std::string key;
  std::string name;
  std::string description;
};

struct questionnaire_section {
  std::string key;
  std::string title;
  std::string intro;
};

struct questionnaire_item {
  std::string key;
  std::string text;
  std::size_t section = 0;  // place in its questionnaire's list, as the next two
  std::size_t scale = 0;
  std::size_t trait = 0;
  bool required = true;
  bool reverse = false;  // agreeing means less of the trait
};

struct questionnaire {
  std::string key;
  std::int32_t version = 1;
  std::string language;
  std::string title;
  std::string description;
  std::vector<answer_scale> scales;
  std::vector<questionnaire_trait> traits;
  std::vector<questionnaire_section> sections;
  std::vector<questionnaire_item> items;  // of all sections, in the order in which they are asked
  std::map<std::string, std::size_t, std::less<>> place_of_item;

  // Null for an unknown key.
  [[nodiscard]] const questionnaire_item* find_item(std::string_view item) const;
  [[nodiscard]] std::int32_t choices_of(const questionnaire_item& item) const {
    return static_cast<std::int32_t>(scales[item.scale].labels.size());
  }
};

// As read_document; besides: keys are unique in their list (of items: in the whole), references name what exists, every
// trait has a required item (so that a complete journey gives every trait a value), at most
// limits::questionnaire_items_max items.
[[nodiscard]] base::result<questionnaire> read_questionnaire(std::string_view text);

// The one that comes with Posthorn, and its text: an uncalibrated example of 12 traits and 48 items.
[[nodiscard]] const questionnaire& default_questionnaire();
[[nodiscard]] std::string_view default_questionnaire_text() noexcept;

}  // namespace posthorn::assessment
