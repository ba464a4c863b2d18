#include "sink_tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <string_view>

namespace posthorn::bench {
namespace {

// The characters after `"name":` and an optional quote; the producer is ours, so its spelling is known.
std::string_view after_name(std::string_view body, std::string_view quoted_name_colon) {
  const auto at = body.find(quoted_name_colon);
  if (at == std::string_view::npos) return {};
  body.remove_prefix(at + quoted_name_colon.size());
  if (body.starts_with('"')) body.remove_prefix(1);
  return body;
}

std::optional<std::int64_t> number_of(std::string_view body, std::string_view quoted_name_colon) {
  const auto text = after_name(body, quoted_name_colon);
  std::int64_t value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{}) return std::nullopt;
  return value;
}

std::size_t key_of(std::string_view path, std::string_view name) {
  const std::hash<std::string_view> hash;
  return hash(path) * 31 + hash(name);
}

}  // namespace

void tally::add(const message& request) {
  const auto now = now_us();
  count_.fetch_add(1, std::memory_order_relaxed);
  bytes_.fetch_add(request.body.size(), std::memory_order_relaxed);
  std::int64_t none = 0;
  first_us_.compare_exchange_strong(none, now, std::memory_order_relaxed);
  last_us_.store(now, std::memory_order_relaxed);
  if (options_.latency || options_.verify_unique || options_.verify_order) inspect(request, now);
}

void tally::inspect(const message& request, std::int64_t now) {
  const auto path = request.start_line;
  const std::lock_guard lock(mutex_);
  if (options_.latency) {
    if (const auto sent = number_of(request.body, R"("sent_us":)")) latency_.add(now - *sent);
  }
  if (options_.verify_unique && !seen_.insert(key_of(path, header(request.head, "webhook-id"))).second) ++duplicates_;
  if (options_.verify_order) {
    const auto uid = after_name(request.body, R"("uid":)");
    const auto seq = number_of(request.body, R"("seq":)").value_or(0);
    auto& last = last_seq_[key_of(path, uid.substr(0, uid.find('"')))];
    if (seq < last) ++out_of_order_;
    last = std::max(last, seq);
  }
}

void tally::reset() {
  const std::lock_guard lock(mutex_);
  count_ = 0;
  bytes_ = 0;
  first_us_ = 0;
  last_us_ = 0;
  latency_ = {};
  seen_.clear();
  last_seq_.clear();
  duplicates_ = 0;
  out_of_order_ = 0;
}

std::string tally::json() {
  const std::lock_guard lock(mutex_);
  return fmt::format(
      R"({{"count":{},"bytes":{},"first_us":{},"last_us":{},"duplicates":{},"out_of_order":{},"latency_us":{}}})",
      count_.load(), bytes_.load(), first_us_.load(), last_us_.load(), duplicates_, out_of_order_, latency_.json());
}

}  // namespace posthorn::bench
