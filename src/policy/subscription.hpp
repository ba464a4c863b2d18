// Which event types an endpoint wants: exact names, "*", or "prefix.*" (contract section 3). Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace posthorn::policy {

// "prefix.*" matches what begins with "prefix." and goes on: not "prefix" itself.
[[nodiscard]] bool matches(std::span<const std::string> patterns, std::string_view type) noexcept;

}  // namespace posthorn::policy
