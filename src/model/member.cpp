#include "model/member.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "model/names.hpp"

namespace posthorn::model {
namespace {

constexpr names roles({"admin", "viewer"});
constexpr names purposes({"setup", "reset"});
constexpr std::size_t local_chars_max = 64;
constexpr std::size_t label_chars_max = 63;

bool is_alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_atom_char(char c) noexcept {
  return is_alphanumeric(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool is_label_char(char c) noexcept { return is_alphanumeric(c) || c == '-'; }

// Parts between dots, none of them empty.
template <class IsPart>
bool all_parts(std::string_view text, IsPart is_part) {
  while (true) {
    const std::size_t end = std::min(text.find('.'), text.size());
    if (!is_part(text.substr(0, end))) return false;
    if (end == text.size()) return true;
    text.remove_prefix(end + 1);
  }
}

bool is_atom(std::string_view part) noexcept { return !part.empty() && std::ranges::all_of(part, is_atom_char); }

bool is_label(std::string_view part) noexcept {
  return !part.empty() && part.size() <= label_chars_max && std::ranges::all_of(part, is_label_char) &&
         part.front() != '-' && part.back() != '-';
}

}  // namespace

std::string_view to_string(member_role value) noexcept { return roles.of(value); }
std::optional<member_role> member_role_from(std::string_view text) noexcept { return roles.find<member_role>(text); }
std::string_view to_string(token_purpose value) noexcept { return purposes.of(value); }

bool is_email(std::string_view text) noexcept {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || text.size() > base::limits::email_chars_max || at > local_chars_max) return false;
  return all_parts(text.substr(0, at), is_atom) && all_parts(text.substr(at + 1), is_label);
}

}  // namespace posthorn::model
