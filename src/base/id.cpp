#include "base/id.hpp"

#include <array>

namespace posthorn::base {
namespace {

constexpr std::string_view digits = "0123456789abcdefghjkmnpqrstvwxyz";

constexpr std::array<std::int16_t, 256> make_values() {
  std::array<std::int16_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto c = static_cast<unsigned char>(digits[i]);
    values[c] = static_cast<std::int16_t>(i);
    if (c >= 'a') values[c - 'a' + 'A'] = static_cast<std::int16_t>(i);
  }
  for (const char c : {'o', 'O'}) values[static_cast<unsigned char>(c)] = 0;
  for (const char c : {'i', 'I', 'l', 'L'}) values[static_cast<unsigned char>(c)] = 1;
  return values;
}

constexpr std::array<std::int16_t, 256> digit_values = make_values();

}  // namespace

std::string format_id(std::string_view prefix, id_value value) {
  std::string text;
  append_id(text, prefix, value);
  return text;
}

void append_id(std::string& out, std::string_view prefix, id_value value) {
  std::array<char, id_digits> text;
  auto rest = static_cast<std::uint64_t>(value);
  for (std::size_t i = text.size(); i-- > 0;) {
    text[i] = digits[rest & 31];
    rest >>= 5;
  }
  out.append(prefix) += '_';
  out.append(text.data(), text.size());
}

std::optional<id_value> parse_id(std::string_view prefix, std::string_view text) noexcept {
  if (text.size() != prefix.size() + 1 + id_digits || !text.starts_with(prefix) || text[prefix.size()] != '_') {
    return std::nullopt;
  }
  std::uint64_t value = 0;
  for (const char c : text.substr(prefix.size() + 1)) {
    const int digit = digit_values[static_cast<unsigned char>(c)];
    // 13 digits hold 65 bits: refuse what would not fit into 63.
    if (digit < 0 || value >> 58 != 0) return std::nullopt;
    value = value << 5 | static_cast<std::uint64_t>(digit);
  }
  return static_cast<id_value>(value);
}

}  // namespace posthorn::base
