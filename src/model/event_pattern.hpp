// The patterns by which an endpoint names event types: an exact name, "*", or "prefix.*" (contract section 3). Pure.
#pragma once

#include <string_view>

namespace posthorn::model {

// "prefix.*" matches what begins with "prefix." and goes on: not "prefix" itself.
[[nodiscard]] inline bool pattern_matches(std::string_view pattern, std::string_view type) noexcept {
  if (pattern == "*") return true;
  if (!pattern.ends_with(".*")) return pattern == type;
  const std::string_view prefix = pattern.substr(0, pattern.size() - 1);
  return type.size() > prefix.size() && type.starts_with(prefix);
}

}  // namespace posthorn::model
