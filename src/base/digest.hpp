// SHA-256, for what is compared but never kept: API keys, tokens, Idempotency-Keys.
#pragma once

#include <string>
#include <string_view>

namespace posthorn::base {

[[nodiscard]] std::string sha256(std::string_view bytes);  // 32 raw bytes

}  // namespace posthorn::base
