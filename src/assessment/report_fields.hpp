// Reads a small JSON object that a page or a device sent, field by field; gathers every rule that it breaks.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "assessment/document.hpp"
#include "base/result.hpp"

namespace posthorn::assessment {

// malformed_json; invalid_field if it is no object.
[[nodiscard]] base::result<boost::json::object> read_report_object(std::string_view text);

// All references outlive it. Where a field breaks its rule a fault is added and a harmless value is returned: what is
// read counts only if no fault was found in the end.
class report_fields {
 public:
  report_fields(const boost::json::object& object, std::string pointer, document_faults& faults)
      : object_(object), pointer_(std::move(pointer)), faults_(faults) {}

  // Adds unknown_field for every name that is none of these.
  void only(std::initializer_list<std::string_view> known);
  // Required; not empty, at most `bytes_max`.
  [[nodiscard]] std::string text(std::string_view name, std::size_t bytes_max);
  [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t min, std::int64_t max);  // required
  [[nodiscard]] std::int64_t optional_integer(std::string_view name, std::int64_t min,
                                              std::int64_t max);  // 0 if absent
  // Null where absent or refused.
  [[nodiscard]] const boost::json::array* optional_list(std::string_view name, std::size_t entries_max);

 private:
  const boost::json::object& object_;
  const std::string pointer_;
  document_faults& faults_;
};

}  // namespace posthorn::assessment
