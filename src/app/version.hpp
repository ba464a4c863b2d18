// The program's version, as CMake has it.
#pragma once

#include <string_view>

namespace posthorn::app {

inline constexpr std::string_view version = POSTHORN_VERSION;

}  // namespace posthorn::app
