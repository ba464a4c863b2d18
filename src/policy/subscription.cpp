#include "policy/subscription.hpp"

#include <algorithm>

#include "model/event_pattern.hpp"

namespace posthorn::policy {

bool matches(std::span<const std::string> patterns, std::string_view type) noexcept {
  return std::ranges::any_of(patterns,
                             [type](const std::string& pattern) { return model::pattern_matches(pattern, type); });
}

}  // namespace posthorn::policy
