// Fresh secrets, from the operating system's randomness. Thread-safe.
#pragma once

#include <string>

namespace posthorn::signing {

// `whsec_` with 32 random bytes: the MAC's own length, below which RFC 2104 section 3 advises against going.
[[nodiscard]] std::string new_v1_secret();

// `whsk_`; the receiver's half is v1a_secret_key::parse(…)->public_key().
[[nodiscard]] std::string new_v1a_secret();

}  // namespace posthorn::signing
