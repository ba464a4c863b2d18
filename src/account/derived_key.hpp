// Keys for single purposes out of the master key: HKDF with SHA-256 (RFC 5869), no salt, the purpose as its info. Who
// learns one of them learns neither the master key nor any other.
#pragma once

#include <string>
#include <string_view>

namespace posthorn::account {

// 32 raw bytes, always the same for the same arguments. Throws where OpenSSL cannot (no memory).
[[nodiscard]] std::string derived_key(std::string_view master_key, std::string_view purpose);

}  // namespace posthorn::account
