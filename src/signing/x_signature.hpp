// X-Signature (docs/contract.md section 2.3):
//   X-Signature = 128 lowercase hex digits of HMAC-SHA-512(key = the API key's UTF-8 bytes, message = the raw body)
#pragma once

#include <string>
#include <string_view>

#include "signing/hmac_key.hpp"

namespace posthorn::signing {

inline constexpr std::string_view x_signature_header = "X-Signature";
inline constexpr std::size_t x_signature_chars = 128;

// One API key, ready to sign and to verify. Not thread-safe, movable.
class x_signature_key {
 public:
  explicit x_signature_key(std::string_view api_key) : key_(api_key) {}

  // Appends the header's value.
  void append(std::string& out, std::string_view body);
  // Compares in constant time. Upper-case digits do not match.
  [[nodiscard]] bool matches(std::string_view signature, std::string_view body);

 private:
  [[nodiscard]] std::array<char, x_signature_chars> digits_of(std::string_view body);

  hmac_key<hash::sha512> key_;
};

}  // namespace posthorn::signing
