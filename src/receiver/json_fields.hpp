// Reads the members of one JSON object into plain values and remembers the first that is missing or of a wrong type,
// so that a parser is a list of its fields. Internal to this room: not installed.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace posthorn::receiver {

// After a failure every read gives an empty value, and the failure given at construction stays as it is. The object
// and the failure outlive this view; names hold neither '/' nor '~'.
class json_fields {
 public:
  // A `value` that is no object fails at `pointer`.
  json_fields(const boost::json::value& value, std::string pointer, std::optional<base::error>& failure);

  [[nodiscard]] std::string text(std::string_view name);
  [[nodiscard]] std::int64_t integer(std::string_view name);
  [[nodiscard]] bool truth(std::string_view name);
  [[nodiscard]] std::vector<std::string> texts(std::string_view name);
  [[nodiscard]] json_fields object(std::string_view name);
  [[nodiscard]] std::vector<json_fields> objects(std::string_view name);
  // Elements that are not strings come as their JSON text.
  [[nodiscard]] std::vector<std::string> any_texts(std::string_view name);

  // Present and not null.
  [[nodiscard]] bool has(std::string_view name) const;

 private:
  // Null after a failure, which it records itself if the member is missing or not of `kind`.
  const boost::json::value* find(std::string_view name, boost::json::kind kind);
  const boost::json::array* find_array(std::string_view name);
  void fail(base::fault code, std::string pointer, std::string detail);

  const boost::json::object* object_;
  std::string pointer_;
  std::optional<base::error>* failure_;
};

}  // namespace posthorn::receiver
