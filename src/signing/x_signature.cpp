#include "signing/x_signature.hpp"

#include "base/encoding.hpp"

namespace posthorn::signing {

std::array<char, x_signature_chars> x_signature_key::digits_of(std::string_view body) {
  static constexpr char digits[] = "0123456789abcdef";
  const std::string_view parts[] = {body};
  std::array<char, x_signature_chars> out;
  char* at = out.data();
  for (const unsigned char byte : key_.sign(parts)) {
    *at++ = digits[byte >> 4];
    *at++ = digits[byte & 15];
  }
  return out;
}

void x_signature_key::append(std::string& out, std::string_view body) {
  const auto digits = digits_of(body);
  out.append(digits.data(), digits.size());
}

bool x_signature_key::matches(std::string_view signature, std::string_view body) {
  const auto digits = digits_of(body);
  return base::equal_in_constant_time({digits.data(), digits.size()}, signature);
}

}  // namespace posthorn::signing
