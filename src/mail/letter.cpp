#include "mail/letter.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.hpp"

namespace posthorn::mail {
namespace {

constexpr std::string_view boundary = "=_posthorn_alternative";  // "_" is in no base64
constexpr std::size_t line_chars_max = 76;
constexpr std::size_t word_bytes_max = 45;  // as an encoded word: 60 characters and the 12 around them

std::string in_lines(std::string_view bytes) {
  const std::string all = base::to_base64(bytes);
  std::string out;
  for (std::size_t at = 0; at < all.size(); at += line_chars_max) out += all.substr(at, line_chars_max) + "\r\n";
  return out;
}

bool is_continuation(char c) noexcept { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// RFC 2047 where the text is more than visible ASCII, or looks like an encoded word itself, which readers would decode;
// a word ends where a character of UTF-8 does.
std::string header_text(std::string text) {
  std::ranges::replace_if(text, [](char c) { return c == '\r' || c == '\n' || c == '\t'; }, ' ');
  const bool is_plain = std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; }) && !text.contains("=?");
  if (is_plain && text.size() <= line_chars_max) return text;
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    std::size_t end = std::min(word_bytes_max, rest.size());
    while (end > 1 && end < rest.size() && is_continuation(rest[end])) --end;
    out += fmt::format("{}=?UTF-8?B?{}?=", out.empty() ? "" : "\r\n ", base::to_base64(rest.substr(0, end)));
    rest.remove_prefix(end);
  }
  return out;
}

// RFC 5322 wants +0000 where HTTP wants GMT.
std::string date_of(base::epoch_ms at) {
  const std::string http = base::to_http_date(at);
  return http.substr(0, http.size() - 3) + "+0000";
}

std::string part(std::string_view type, std::string_view content) {
  return fmt::format("--{}\r\nContent-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}", boundary,
                     type, in_lines(content));
}

}  // namespace

std::string written(const letter& what, std::string_view from, base::epoch_ms at, std::string_view id) {
  return fmt::format(
      "Date: {}\r\nFrom: Posthorn <{}>\r\nTo: <{}>\r\nSubject: {}\r\nMessage-ID: <{}{}>\r\nAuto-Submitted: "
      "auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; "
      "boundary=\"{}\"\r\n\r\n{}{}--{}--\r\n",
      date_of(at), from, what.to, header_text(what.subject), id, from.substr(std::min(from.find('@'), from.size())),
      boundary, part("text/plain", what.text), part("text/html", what.html), boundary);
}

}  // namespace posthorn::mail
