#include "assessment/report_fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_text.hpp"
#include "base/limits.hpp"

namespace posthorn::assessment {

namespace json = boost::json;
using base::fault;

base::result<json::object> read_report_object(std::string_view text) {
  auto whole = read_json(text);
  if (!whole) return std::unexpected(whole.error());
  if (!whole->is_object()) return base::fail_at(fault::invalid_field, "", "the body must be a JSON object");
  return std::move(whole->as_object());
}

void report_fields::only(std::initializer_list<std::string_view> known) {
  for (const auto& member : object_) {
    if (std::ranges::find(known, std::string_view(member.key())) == known.end()) {
      faults_.add(base::pointer_to(pointer_, member.key()), "is not known here: remove it, or correct its name",
                  fault::unknown_field);
    }
  }
}

std::string report_fields::text(std::string_view name, std::size_t bytes_max) {
  const auto* found = object_.if_contains(name);
  if (found == nullptr) {
    faults_.add(base::pointer_to(pointer_, name), "is required", fault::missing_field);
    return {};
  }
  if (!found->is_string() || found->as_string().empty() || found->as_string().size() > bytes_max) {
    faults_.add(base::pointer_to(pointer_, name), fmt::format("must be a string of 1 to {} bytes", bytes_max));
    return {};
  }
  return std::string(found->as_string());
}

std::int64_t report_fields::integer(std::string_view name, std::int64_t min, std::int64_t max) {
  if (!object_.contains(name)) {
    faults_.add(base::pointer_to(pointer_, name), "is required", fault::missing_field);
    return min;
  }
  return optional_integer(name, min, max);
}

std::int64_t report_fields::optional_integer(std::string_view name, std::int64_t min, std::int64_t max) {
  const auto* found = object_.if_contains(name);
  if (found == nullptr) return 0;
  const auto* number = found->if_int64();
  if (number != nullptr && *number >= min && *number <= max) return *number;
  faults_.add(base::pointer_to(pointer_, name), fmt::format("must be an integer from {} to {}", min, max));
  return min;
}

const json::array* report_fields::optional_list(std::string_view name, std::size_t entries_max) {
  const auto* found = object_.if_contains(name);
  if (found == nullptr) return nullptr;
  if (found->is_array() && found->as_array().size() <= entries_max) return &found->as_array();
  faults_.add(base::pointer_to(pointer_, name), fmt::format("must be an array of at most {} entries", entries_max));
  return nullptr;
}

}  // namespace posthorn::assessment
