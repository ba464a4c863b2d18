#include "api/text_forms.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/limits.hpp"
#include "ingest/json_scanner.hpp"

namespace posthorn::api {
namespace {

// Takes exactly `count` digits off the front.
bool take_digits(std::string_view& rest, std::size_t count, int& out) {
  if (rest.size() < count) return false;
  const std::string_view digits = rest.substr(0, count);
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  if (failed != std::errc() || end != digits.data() + digits.size() || digits.front() == '-') return false;
  rest.remove_prefix(count);
  return true;
}

bool take(std::string_view& rest, std::string_view any_of) {
  if (rest.empty() || any_of.find(rest.front()) == std::string_view::npos) return false;
  rest.remove_prefix(1);
  return true;
}

// ".123" and "Z" or "+01:00", in milliseconds to add.
std::optional<std::int64_t> take_rest(std::string_view rest) {
  std::int64_t ms = 0;
  if (take(rest, ".")) {
    std::int64_t scale = 100;
    std::size_t digits = 0;
    for (; digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9'; ++digits, scale /= 10) {
      ms += (rest[digits] - '0') * scale;
    }
    if (digits == 0) return std::nullopt;
    rest.remove_prefix(digits);
  }
  if (rest == "Z" || rest == "z") return ms;
  const bool west = rest.starts_with('-');
  int hours = 0;
  int minutes = 0;
  if (!take(rest, "+-") || !take_digits(rest, 2, hours) || !take(rest, ":") || !take_digits(rest, 2, minutes) ||
      !rest.empty() || hours > 23 || minutes > 59) {
    return std::nullopt;
  }
  const std::int64_t offset_ms = (hours * 60LL + minutes) * 60'000;
  return west ? ms + offset_ms : ms - offset_ms;
}

// The length of the UTF-8 sequence at the front of `bytes`, or 0 if it is none.
std::size_t sequence_length(std::string_view bytes) {
  for (std::size_t length = 1; length <= 4 && length <= bytes.size(); ++length) {
    if (ingest::is_utf8(bytes.substr(0, length))) return length;
  }
  return 0;
}

bool is_type_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '-';
}

}  // namespace

bool is_event_pattern(std::string_view text) {
  if (text == "*") return true;
  if (text.empty() || text.size() > base::limits::event_type_chars_max) return false;
  if (text.ends_with(".*")) {
    text.remove_suffix(2);
    if (text.empty()) return false;
  }
  return std::ranges::all_of(text, is_type_char);
}

std::string masked_key(std::string_view key) {
  constexpr std::size_t prefix = 8;  // "ph_test_", "ph_prod_"
  if (key.size() < prefix + 12) return std::string(masked_secret);
  return std::string(key.substr(0, prefix)) + std::string(masked_secret) + std::string(key.substr(key.size() - 4));
}

boost::json::value time_or_null(base::epoch_ms at) {
  if (at == 0) return nullptr;
  return boost::json::value(base::to_rfc3339(at));
}

boost::json::value engine_time_or_null(base::epoch_ms at, const base::clock& clock) {
  return at == 0 ? boost::json::value() : time_or_null(at - clock.engine() + clock.wall());
}

boost::json::value text_or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  return boost::json::value(text);
}

std::optional<base::epoch_ms> parse_time(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr std::int64_t last_s = 253'402'300'799;  // the year 9999's end
  if (failed == std::errc() && end == text.data() + text.size()) {
    if (seconds < 0 || seconds > last_s) return std::nullopt;
    return seconds * 1000;
  }
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::string_view rest = text;
  if (!take_digits(rest, 4, year) || !take(rest, "-") || !take_digits(rest, 2, month) || !take(rest, "-") ||
      !take_digits(rest, 2, day) || !take(rest, "Tt ") || !take_digits(rest, 2, hour) || !take(rest, ":") ||
      !take_digits(rest, 2, minute) || !take(rest, ":") || !take_digits(rest, 2, second)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  const auto more_ms = take_rest(rest);
  if (!more_ms) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return ((days * 24 + hour) * 60 + minute) * 60'000 + second * 1'000 + *more_ms;
}

std::string to_utf8(std::string_view bytes) {
  if (ingest::is_utf8(bytes)) return std::string(bytes);
  std::string out;
  out.reserve(bytes.size() + 16);
  while (!bytes.empty()) {
    const std::size_t length = sequence_length(bytes);
    if (length == 0) {
      out += "\xef\xbf\xbd";
      bytes.remove_prefix(1);
    } else {
      out += bytes.substr(0, length);
      bytes.remove_prefix(length);
    }
  }
  return out;
}

}  // namespace posthorn::api
