// JSON values as filters and schemas see them: numbers by value, objects whatever their order, places by RFC 6901.
#pragma once

#include <boost/json/value.hpp>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::policy {

// Wide enough to hold every 64-bit integer and every double, so that comparing mixed numbers is exact.
using exact = long double;
static_assert(std::numeric_limits<exact>::digits >= 64);

// Only for numbers.
[[nodiscard]] exact number_of(const boost::json::value& from);

// Numbers are equal by value (1 and 1.0), objects whatever the order of their members; nothing else is converted.
[[nodiscard]] bool same(const boost::json::value& a, const boost::json::value& b);

// The parts of a JSON Pointer (RFC 6901), unescaped; none for "", the whole document. nullopt: no pointer.
[[nodiscard]] std::optional<std::vector<std::string>> pointer_path(std::string_view pointer);

// Null where there is nothing.
[[nodiscard]] const boost::json::value* value_at(const boost::json::value& document,
                                                 const std::vector<std::string>& path);

}  // namespace posthorn::policy
