#include "net/exchange.hpp"

#include <array>

namespace posthorn::net {

std::string_view to_string(exchange_error value) noexcept {
  constexpr std::array<std::string_view, 9> names{"none",    "dns",        "address_refused", "connect",  "tls",
                                                  "timeout", "connection", "protocol",        "too_large"};
  return names[static_cast<std::size_t>(value)];
}

}  // namespace posthorn::net
