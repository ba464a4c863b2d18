#include "policy/subscription.hpp"

#include <algorithm>

namespace posthorn::policy {
namespace {

bool matches_one(std::string_view pattern, std::string_view type) noexcept {
  if (pattern == "*") return true;
  if (!pattern.ends_with(".*")) return pattern == type;
  const std::string_view prefix = pattern.substr(0, pattern.size() - 1);
  return type.size() > prefix.size() && type.starts_with(prefix);
}

}  // namespace

bool matches(std::span<const std::string> patterns, std::string_view type) noexcept {
  return std::ranges::any_of(patterns, [type](const std::string& pattern) { return matches_one(pattern, type); });
}

}  // namespace posthorn::policy
