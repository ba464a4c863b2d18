#include "net/http1_fields.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace posthorn::net {
namespace {

constexpr std::uint8_t token_bit = 1;
constexpr std::uint8_t value_bit = 2;

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t c = 0; c < 256; ++c) {
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    const bool sign = c < 128 && c != 0 && std::string_view("!#$%&'*+-.^_`|~").contains(static_cast<char>(c));
    if (alnum || sign) classes[c] |= token_bit;
    if (c == '\t' || (c >= 0x20 && c != 0x7f)) classes[c] |= value_bit;
  }
  return classes;
}
constexpr auto classes = make_classes();

constexpr std::array<char, 256> make_lower() {
  std::array<char, 256> lower{};
  for (std::size_t c = 0; c < 256; ++c) {
    lower[c] = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  }
  return lower;
}
constexpr auto lower = make_lower();

constexpr std::uint8_t class_of(char c) noexcept { return classes[static_cast<unsigned char>(c)]; }
constexpr char lower_of(char c) noexcept { return lower[static_cast<unsigned char>(c)]; }

}  // namespace

bool is_token_char(char c) noexcept { return (class_of(c) & token_bit) != 0; }
bool is_field_value_char(char c) noexcept { return (class_of(c) & value_bit) != 0; }

bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return is_token_char(c); });
}

bool is_field_value(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return is_field_value_char(c); });
}

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower_of(a[i]) != lower_of(b[i])) return false;
  }
  return true;
}

std::string_view trim_white_space(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool list_has_token(std::string_view value, std::string_view token) noexcept {
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    if (equals_ignoring_case(trim_white_space(value.substr(0, comma)), token)) return true;
    if (comma == std::string_view::npos) return false;
    value.remove_prefix(comma + 1);
  }
  return false;
}

std::optional<std::string_view> field_list::find(std::string_view name) const noexcept {
  for (const field& f : fields_) {
    if (equals_ignoring_case(f.name, name)) return f.value;
  }
  return std::nullopt;
}

std::string_view field_list::value_or_empty(std::string_view name) const noexcept {
  return find(name).value_or(std::string_view());
}

std::size_t field_list::count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(fields_, [name](const field& f) { return equals_ignoring_case(f.name, name); }));
}

}  // namespace posthorn::net
