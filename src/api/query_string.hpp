// The part of a request target behind "?": name=value pairs joined by "&", percent-encoded, "+" for a space.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace posthorn::api {

// The first parameter of that name, decoded; nullopt where absent. Call on a query that check_query has passed.
[[nodiscard]] std::optional<std::string> find_parameter(std::string_view query, std::string_view name);

// malformed_request for a parameter that `known` (names separated by spaces) lacks, one given twice, or a broken
// percent-encoding: a filter with a typing error must not silently list everything.
[[nodiscard]] base::result<void> check_query(std::string_view query, std::string_view known);

// A segment of a path, percent-decoded ("+" is itself there); nullopt for a broken percent-encoding.
[[nodiscard]] std::optional<std::string> decoded_segment(std::string_view text);

}  // namespace posthorn::api
