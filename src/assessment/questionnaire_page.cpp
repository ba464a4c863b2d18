#include "assessment/questionnaire_page.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

namespace posthorn::assessment {

namespace json = boost::json;

std::string page_json(const questionnaire& of) {
  json::object scales;
  for (const answer_scale& scale : of.scales) scales[scale.key] = json::value_from(scale.labels);
  json::array sections;
  for (const questionnaire_section& section : of.sections) {
    sections.push_back({{"title", section.title}, {"intro", section.intro}, {"items", json::array()}});
  }
  for (const questionnaire_item& item : of.items) {
    sections[item.section].at("items").as_array().push_back(
        {{"key", item.key}, {"text", item.text}, {"scale", of.scales[item.scale].key}, {"required", item.required}});
  }
  return json::serialize(json::object{{"key", of.key},
                                      {"version", of.version},
                                      {"language", of.language},
                                      {"title", of.title},
                                      {"scales", std::move(scales)},
                                      {"sections", std::move(sections)}});
}

}  // namespace posthorn::assessment
