// The one way from text to JSON, with one bound on its depth: what comes from outside nests limits::json_depth_max
// levels at most. What the program wrote itself holds such values inside frames of its own (an envelope, the before and
// after of a change), so it is read with json_frames_max levels more.
#pragma once

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <string_view>

#include "base/limits.hpp"
#include "base/result.hpp"

namespace posthorn::base {

inline constexpr std::size_t json_frames_max = 8;

// Of text from outside. malformed_json where it is not exactly one JSON value; the detail says why and at which byte.
// The value uses `memory`, which outlives it.
[[nodiscard]] result<boost::json::value> parse_json(std::string_view text, boost::json::storage_ptr memory = {});

// Of text that the program wrote.
[[nodiscard]] result<boost::json::value> parse_own_json(std::string_view text, boost::json::storage_ptr memory = {});

// As parse_own_json, where text that cannot be read is damage that only a unit's boundary can answer: throws
// std::runtime_error.
[[nodiscard]] boost::json::value own_json(std::string_view text);

}  // namespace posthorn::base
