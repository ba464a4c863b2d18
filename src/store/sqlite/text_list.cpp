#include "store/sqlite/text_list.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace posthorn::store::sqlite {

namespace json = boost::json;

std::string list_text(const std::vector<std::string>& texts) {
  return json::serialize(json::array(texts.begin(), texts.end()));
}

std::vector<std::string> list_of(std::string_view text) {
  std::vector<std::string> made;
  const json::value list = json::parse(text);
  for (const json::value& each : list.as_array()) made.emplace_back(each.as_string());
  return made;
}

}  // namespace posthorn::store::sqlite
