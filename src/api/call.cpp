#include "api/call.hpp"

#include "account/access.hpp"
#include "api/query_string.hpp"

namespace posthorn::api {

base::result<store::shared_integration> call::reach(std::string_view in_body) {
  std::string named(in_body);
  if (named.empty()) named = query("integration_id").value_or("");
  if (!named.empty()) integration_id = named.substr(0, base::limits::name_chars_max);
  auto reached = account::reach(who, named, with.directory);
  if (reached) integration_id = (*reached)->value.integration_id;
  return reached;
}

base::result<base::id_value> call::id(std::string_view prefix, std::size_t place) const {
  const auto value = base::parse_id(prefix, values.text[place]);
  if (value) return *value;
  return base::fail(base::fault::not_found,
                    "the id in the address is not one of the form " + std::string(prefix) + "_ and 13 characters");
}

std::optional<std::string> call::query(std::string_view name) const { return find_parameter(request.query, name); }

}  // namespace posthorn::api
