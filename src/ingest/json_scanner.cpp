#include "ingest/json_scanner.hpp"

#include <simdjson.h>

#include <cassert>
#include <cstring>

namespace posthorn::ingest {
namespace {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// How many of the next bytes are plain string characters, eight at a time: no quote, backslash or control character.
std::size_t plain_run(const char* from, std::size_t bytes) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t high = 0x8080808080808080;
  std::size_t i = 0;
  for (; i + 8 <= bytes; i += 8) {
    std::uint64_t word;
    std::memcpy(&word, from + i, 8);
    const std::uint64_t quote = word ^ (ones * '"');
    const std::uint64_t slash = word ^ (ones * '\\');
    const std::uint64_t hit =
        (((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((word - ones * 0x20) & ~word)) & high;
    if (hit != 0) break;
  }
  for (; i < bytes; ++i) {
    const char c = from[i];
    if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20) break;
  }
  return i;
}

void append_utf8(std::string& out, std::uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xc0 | point >> 6);
    out += static_cast<char>(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xe0 | point >> 12);
    out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (point & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | point >> 18);
    out += static_cast<char>(0x80 | (point >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (point & 0x3f));
  }
}

std::uint32_t hex_value(std::string_view four) noexcept {
  std::uint32_t unit = 0;
  for (const char c : four) {
    unit = unit << 4 | static_cast<std::uint32_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return unit;
}

constexpr bool is_high_surrogate(std::uint32_t unit) noexcept { return unit >= 0xd800 && unit < 0xdc00; }
constexpr bool is_low_surrogate(std::uint32_t unit) noexcept { return unit >= 0xdc00 && unit < 0xe000; }

}  // namespace

bool json_scanner::broken(std::string_view rule) noexcept {
  if (fault_.empty()) fault_ = rule;
  return false;
}

void json_scanner::space() noexcept {
  const std::size_t from = at_;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') break;
    ++at_;
  }
  spaces_ += at_ - from;
}

bool json_scanner::whole(json_slice& out) {
  space();
  return value(out) && end();
}

bool json_scanner::begin(char bracket, std::string_view otherwise) {
  space();
  if (at_end()) return broken("the text is empty");
  if (peek() != bracket) return broken(otherwise);
  ++at_;
  ++depth_;
  first_ = true;
  return true;
}

bool json_scanner::begin_object() { return begin('{', "an object was expected"); }
bool json_scanner::begin_array() { return begin('[', "an array was expected"); }

bool json_scanner::end() {
  space();
  return at_end() || broken("there is something behind the value");
}

bool json_scanner::next_entry(char closing) {
  space();
  if (peek() == closing && !at_end()) {
    ++at_;
    --depth_;
    end();
    return false;
  }
  if (!first_) {
    if (peek() != ',') return broken(at_end() ? "the text ends too early" : "a comma or the end was expected");
    ++at_;
    space();
  }
  first_ = false;
  return true;
}

bool json_scanner::next_member(std::string_view& key, json_slice& out) {
  if (!next_entry('}')) return false;
  const std::size_t from = at_;
  if (!member_name()) return false;
  key = text_.substr(from + 1, text_.find_last_of('"', at_ - 1) - from - 1);
  return value(out);
}

bool json_scanner::next_element(json_slice& out) { return next_entry(']') && value(out); }

// A name with its colon; leaves the offset at the value.
bool json_scanner::member_name() {
  if (peek() != '"') return broken(at_end() ? "the text ends too early" : "a member's name was expected");
  if (!string()) return false;
  space();
  if (peek() != ':') return broken(at_end() ? "the text ends too early" : "a colon was expected");
  ++at_;
  space();
  return true;
}

bool json_scanner::value(json_slice& out) {
  const std::size_t from = at_;
  const std::size_t spaces_before = spaces_;
  bool good = false;
  switch (peek()) {
    case '{':
      out.kind = json_kind::object;
      good = nested('}');
      break;
    case '[':
      out.kind = json_kind::array;
      good = nested(']');
      break;
    case '"':
      out.kind = json_kind::string;
      good = string();
      break;
    case 't':
      out.kind = json_kind::literal;
      good = literal("true");
      break;
    case 'f':
      out.kind = json_kind::literal;
      good = literal("false");
      break;
    case 'n':
      out.kind = json_kind::literal;
      good = literal("null");
      break;
    default:
      out.kind = json_kind::number;
      good = number();
      break;
  }
  if (!good) return false;
  out.text = text_.substr(from, at_ - from);
  out.spaced = spaces_ != spaces_before;
  return true;
}

// An object or array from its bracket to the closing one. Recursion is bounded by depth_max_.
bool json_scanner::nested(char closing) {
  if (++depth_ > depth_max_) return broken("the text is nested too deeply");
  ++at_;
  space();
  if (peek() == closing) {
    ++at_;
    --depth_;
    return true;
  }
  json_slice inner;
  while (true) {
    if (closing == '}' && !member_name()) return false;
    if (!value(inner)) return false;
    space();
    if (peek() == closing) break;
    if (peek() != ',') return broken(at_end() ? "the text ends too early" : "a comma or the end was expected");
    ++at_;
    space();
  }
  ++at_;
  --depth_;
  return true;
}

bool json_scanner::string() {
  ++at_;
  while (true) {
    at_ += plain_run(text_.data() + at_, text_.size() - at_);
    if (at_end()) return broken("a string does not end");
    if (text_[at_] == '"') {
      ++at_;
      return true;
    }
    if (text_[at_] != '\\') return broken("a string has a control character: escape it");
    ++at_;
    if (!escape()) return false;
  }
}

bool json_scanner::escape() {
  switch (peek()) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't': ++at_; return true;
    case 'u': ++at_; return unicode_escape();
    default: return broken("a string has an unknown escape");
  }
}

bool json_scanner::unicode_escape() {
  std::uint32_t unit = 0;
  if (!hex4(unit)) return false;
  if (is_low_surrogate(unit)) return broken("a \\u escape is half a surrogate pair");
  if (!is_high_surrogate(unit)) return true;
  if (text_.substr(at_, 2) != "\\u") return broken("a \\u escape is half a surrogate pair");
  at_ += 2;
  if (!hex4(unit)) return false;
  return is_low_surrogate(unit) || broken("a \\u escape is half a surrogate pair");
}

bool json_scanner::hex4(std::uint32_t& unit) {
  const std::string_view four = text_.substr(at_, 4);
  if (four.size() < 4) return broken("a string does not end");
  for (const char c : four) {
    const char lower = static_cast<char>(c | 0x20);
    if (!is_digit(c) && (lower < 'a' || lower > 'f')) return broken("a \\u escape needs four hexadecimal digits");
  }
  unit = hex_value(four);
  at_ += 4;
  return true;
}

bool json_scanner::number() {
  if (at_end()) return broken("the text ends too early");
  const bool negative = peek() == '-';
  if (!negative && !is_digit(peek())) return broken("a value was expected");
  if (negative) ++at_;
  if (peek() == '0') {
    ++at_;
    if (is_digit(peek())) return broken("a number begins with 0");
  } else if (!digits()) {
    return false;
  }
  if (peek() == '.') {
    ++at_;
    if (!digits()) return false;
  }
  if (peek() == 'e' || peek() == 'E') {
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    if (!digits()) return false;
  }
  return true;
}

bool json_scanner::digits() {
  if (!is_digit(peek())) return broken("a number lacks a digit");
  while (is_digit(peek())) ++at_;
  return true;
}

bool json_scanner::literal(std::string_view word) {
  if (text_.substr(at_, word.size()) != word) return broken("a value was expected");
  at_ += word.size();
  return true;
}

bool is_utf8(std::string_view text) noexcept { return simdjson::validate_utf8(text.data(), text.size()); }

std::string unescaped(std::string_view inner) {
  std::string out;
  out.reserve(inner.size());
  for (std::size_t i = 0; i < inner.size(); ++i) {
    if (inner[i] != '\\') {
      out += inner[i];
      continue;
    }
    switch (const char c = inner[++i]) {
      case 'b': out += '\b'; break;
      case 'f': out += '\f'; break;
      case 'n': out += '\n'; break;
      case 'r': out += '\r'; break;
      case 't': out += '\t'; break;
      case 'u': {
        std::uint32_t point = hex_value(inner.substr(i + 1, 4));
        i += 4;
        if (is_high_surrogate(point)) {
          point = 0x10000 + ((point - 0xd800) << 10) + (hex_value(inner.substr(i + 3, 4)) - 0xdc00);
          i += 6;
        }
        append_utf8(out, point);
        break;
      }
      default: out += c;
    }
  }
  return out;
}

void append_compact(std::string& out, const json_slice& value) {
  if (!value.spaced) {
    out += value.text;
    return;
  }
  const std::size_t before = out.size();
  out.resize(before + value.text.size());
  std::size_t written = 0;
  [[maybe_unused]] const auto failed =
      simdjson::minify(value.text.data(), value.text.size(), out.data() + before, written);
  assert(failed == simdjson::SUCCESS);
  out.resize(before + written);
}

}  // namespace posthorn::ingest
