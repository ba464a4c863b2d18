// openapi.yaml as JSON, made when the program is built.
#pragma once

#include <string_view>

namespace posthorn::api {

[[nodiscard]] std::string_view description() noexcept;

}  // namespace posthorn::api
