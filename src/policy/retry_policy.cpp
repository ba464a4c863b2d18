#include "policy/retry_policy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include "base/limits.hpp"

namespace posthorn::policy {
namespace {

constexpr double jitter_share_max = 0.2;

std::optional<int> digits(std::string_view text) noexcept {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty() || text[0] == '-') return std::nullopt;
  return value;
}

}  // namespace

bool is_success(model::success_rule rule, int status) noexcept {
  return rule == model::success_rule::only_200 ? status == 200 : status >= 200 && status < 300;
}

failure_kind classify_failure(model::retry_on rule, int status, model::error_class error) noexcept {
  if (rule == model::retry_on::any_failure || error != model::error_class::none || status == 0) {
    return failure_kind::retryable;
  }
  if (status == 408 || status == 425 || status == 429 || status >= 500) return failure_kind::retryable;
  return status == 410 ? failure_kind::final_disabling : failure_kind::final;
}

std::optional<base::epoch_ms> next_due(const model::retry_setting& retry, int tries_made, base::epoch_ms now,
                                       double chance) noexcept {
  if (tries_made < 0 || static_cast<std::size_t>(tries_made) >= retry.schedule_s.size()) return std::nullopt;
  const auto wait_ms = retry.schedule_s[static_cast<std::size_t>(tries_made)] * 1000LL;
  return now + wait_ms + static_cast<base::epoch_ms>(static_cast<double>(wait_ms) * jitter_share_max * chance);
}

std::optional<base::epoch_ms> retry_after_ms(std::optional<std::string_view> retry_after,
                                             std::optional<std::string_view> date) noexcept {
  constexpr base::epoch_ms most = base::limits::retry_after_s_max * 1000LL;
  if (!retry_after || retry_after->empty()) return std::nullopt;
  if (std::ranges::all_of(*retry_after, [](char c) { return c >= '0' && c <= '9'; })) {
    // More digits than fit mean "very long".
    const auto seconds = digits(*retry_after);
    return seconds ? std::min<base::epoch_ms>(*seconds * 1000LL, most) : most;
  }
  const auto until = parse_http_date(*retry_after);
  const auto answered = date ? parse_http_date(*date) : std::nullopt;
  if (!until || !answered) return std::nullopt;
  return std::clamp<base::epoch_ms>(*until - *answered, 0, most);
}

std::optional<base::epoch_ms> parse_http_date(std::string_view text) noexcept {
  // Thu, 15 Jan 2026 10:30:00 GMT
  static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' || text[16] != ' ' ||
      text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  const auto day = digits(text.substr(5, 2));
  const auto month = std::ranges::find(months, text.substr(8, 3));
  const auto year = digits(text.substr(12, 4));
  const auto hour = digits(text.substr(17, 2));
  const auto minute = digits(text.substr(20, 2));
  const auto second = digits(text.substr(23, 2));
  if (!day || month == months.end() || !year || !hour || !minute || !second) return std::nullopt;
  using namespace std::chrono;
  const year_month_day ymd{std::chrono::year(*year),
                           std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
                           std::chrono::day(static_cast<unsigned>(*day))};
  if (!ymd.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return duration_cast<milliseconds>(sys_days(ymd).time_since_epoch()).count() +
         (*hour * 3600LL + *minute * 60LL + *second) * 1000LL;
}

}  // namespace posthorn::policy
