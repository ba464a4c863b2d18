#include "account/password_policy.hpp"

#include <algorithm>
#include <vector>

#include "account/limits.hpp"

namespace posthorn::account {
namespace {

// A JSON array of lower-case words, none of which has a quote or a backslash in it. From the list of 20,000 that Django
// ships (BSD-3-Clause): all of ten characters or more, and the most frequent of six or more that begin and end with a
// letter.
constexpr std::string_view common_passwords =
#include "account/common_passwords.inc"
    ;

bool is_letter(char c) noexcept { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
// Bytes of UTF-8 beyond ASCII count as letters.
bool is_word_char(char c) noexcept { return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80; }

std::string lowered(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c;
  return lower;
}

bool is_listed(std::string_view word) {
  return !word.contains('"') && common_passwords.contains("\"" + std::string(word) + "\"");
}

// Without what is no letter at its ends: "password" of "Password2024!".
std::string_view stem_of(std::string_view lower) {
  while (!lower.empty() && !is_letter(lower.front())) lower.remove_prefix(1);
  while (!lower.empty() && !is_letter(lower.back())) lower.remove_suffix(1);
  return lower;
}

// One piece of at most four bytes, again and again.
bool is_repeated(std::string_view text) {
  for (std::size_t period = 1; period <= 4 && 2 * period <= text.size(); ++period) {
    if (std::ranges::equal(text.substr(period), text.substr(0, text.size() - period))) return true;
  }
  return false;
}

bool is_common(std::string_view lower) {
  const std::string_view stem = stem_of(lower);
  return is_listed(lower) || is_repeated(lower) ||
         (lower.size() - stem.size() < login_limits::password_own_chars_min && is_listed(stem));
}

void add_words(std::vector<std::string>& words, std::string_view lower) {
  while (!lower.empty()) {
    const auto end = std::ranges::find_if_not(lower, is_word_char);
    const auto size = static_cast<std::size_t>(end - lower.begin());
    if (size >= login_limits::personal_word_chars_min) words.emplace_back(lower.substr(0, size));
    lower.remove_prefix(std::min(size + 1, lower.size()));
  }
}

std::string without_spaces(std::string text) {
  std::erase_if(text, [](char c) { return !is_word_char(c); });
  return text;
}

// Longest first, so that what remains does not depend on which part is taken out before its whole.
std::vector<std::string> personal_words(std::string_view email, std::string_view company) {
  std::vector<std::string> words{"posthorn"};
  const std::string address = lowered(email);
  const std::string name = lowered(company);
  const std::string local = address.substr(0, address.find('@'));
  for (const std::string& whole : {address, local, name, without_spaces(local), without_spaces(name)}) {
    if (whole.size() >= login_limits::personal_word_chars_min) words.push_back(whole);
  }
  add_words(words, address);
  add_words(words, name);
  std::ranges::sort(words, [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return words;
}

bool is_personal(const std::string& lower, std::string_view email, std::string_view company) {
  std::string rest = lower;
  for (const std::string& word : personal_words(email, company)) {
    for (std::size_t at = rest.find(word); at != std::string::npos; at = rest.find(word)) {
      rest.replace(at, word.size(), " ");
    }
  }
  const auto own = static_cast<std::size_t>(std::ranges::count_if(rest, is_word_char));
  return rest != lower && own < login_limits::password_own_chars_min;
}

}  // namespace

password_verdict judge_password(std::string_view password, std::string_view email, std::string_view company) {
  const std::string lower = lowered(password);
  if (is_common(lower)) return password_verdict::common;
  return is_personal(lower, email, company) ? password_verdict::personal : password_verdict::good;
}

base::result<void> check_password(std::string_view password, std::string_view email, std::string_view company,
                                  std::string_view pointer) {
  switch (judge_password(password, email, company)) {
    case password_verdict::good: break;
    case password_verdict::common:
      return base::fail_at(base::fault::invalid_field, std::string(pointer),
                           "is among the passwords that are tried first: choose several words, or let a password "
                           "manager make one up");
    case password_verdict::personal:
      return base::fail_at(base::fault::invalid_field, std::string(pointer),
                           "is little more than your address, the company's name or posthorn: choose one that nobody "
                           "derives from them");
  }
  return {};
}

}  // namespace posthorn::account
