#include "store/sqlite/text_list.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/json.hpp"

namespace posthorn::store::sqlite {

namespace json = boost::json;

std::string list_text(const std::vector<std::string>& texts) {
  return json::serialize(json::array(texts.begin(), texts.end()));
}

std::vector<std::string> list_of(std::string_view text, const row_name& row, std::string_view column) {
  std::vector<std::string> made;
  const auto read = base::parse_own_json(text);
  const json::array* list = read ? read->if_array() : nullptr;
  if (list == nullptr) refuse_stored(row, column, text);
  for (const json::value& each : *list) {
    if (!each.is_string()) refuse_stored(row, column, text);
    made.emplace_back(each.get_string());
  }
  return made;
}

}  // namespace posthorn::store::sqlite
