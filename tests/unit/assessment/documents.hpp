// The small questionnaire and scorecard that docs/scoring.md works through by hand, and ways to spoil a document.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "assessment/questionnaire.hpp"
#include "assessment/scorecard.hpp"
#include "support/paths.hpp"

namespace posthorn::assessment {

// The nth ```json block of docs/scoring.md, so that the page and the tests cannot part.
inline std::string documented_json(int n) {
  std::ifstream file(test::tree_path("docs/scoring.md"));
  const std::string page(std::istreambuf_iterator<char>(file), {});
  std::size_t at = 0;
  for (int i = 0; i <= n; ++i) at = page.find("```json\n", at) + 8;
  return page.substr(at, page.find("```", at) - at);
}

inline questionnaire small_questionnaire() { return read_questionnaire(documented_json(0)).value(); }
inline scorecard small_scorecard() { return read_scorecard(documented_json(1), small_questionnaire()).value(); }

// `document` with the value at `pointer` replaced by the JSON text `value`; "" removes it.
inline std::string spoiled(std::string_view document, const std::string& pointer, std::string_view value) {
  boost::json::value whole = boost::json::parse(document);
  const std::size_t slash = pointer.rfind('/');
  boost::json::value& parent = whole.at_pointer(pointer.substr(0, slash));
  const std::string name = pointer.substr(slash + 1);
  if (auto* list = parent.if_array()) {
    if (value.empty()) {
      list->erase(list->begin() + std::stol(name));
    } else if (name == "-") {
      list->push_back(boost::json::parse(value));
    } else {
      (*list)[std::stoul(name)] = boost::json::parse(value);
    }
  } else if (value.empty()) {
    parent.as_object().erase(name);
  } else {
    parent.as_object()[name] = boost::json::parse(value);
  }
  return boost::json::serialize(whole);
}

// "/pointer: detail" of each place.
inline std::string places_of(const base::error& error) {
  std::string out;
  for (const auto& field : error.fields) out += field.pointer + ": " + field.detail + "\n";
  return out.empty() ? error.detail : out;
}

}  // namespace posthorn::assessment
