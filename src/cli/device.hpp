// What a simulated device gives (platforms ANDROID and IOS): plausible features, permissions granted and denied. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/dice.hpp"

namespace posthorn::cli {

// The body of POST /v1/journey/device. Everything that is required, but for the permission `denied` ("": none).
[[nodiscard]] std::string device_body(const std::vector<std::string>& permissions,
                                      const std::vector<std::string>& features, const std::string& denied,
                                      dice& chance);

}  // namespace posthorn::cli
