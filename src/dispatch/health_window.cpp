#include "dispatch/health_window.hpp"

#include <algorithm>

namespace posthorn::dispatch {
namespace {

std::uint32_t part_at(std::int32_t window_s, std::uint32_t parts, base::epoch_ms now) noexcept {
  const base::epoch_ms width_ms = std::max<base::epoch_ms>(1, window_s * 1000LL / parts);
  return static_cast<std::uint32_t>(now / width_ms);
}

}  // namespace

bool health_window::begin(std::int32_t state_version) noexcept {
  std::int32_t known = state_version_.load(std::memory_order_relaxed);
  while (known < state_version) {
    if (!state_version_.compare_exchange_weak(known, state_version, std::memory_order_relaxed)) continue;
    for (ring* each : {&successes_, &failures_}) {
      for (auto& part : *each) part.store(0, std::memory_order_relaxed);
    }
    return true;
  }
  return known == state_version;
}

void health_window::add(ring& to, std::uint32_t part) noexcept {
  std::atomic<std::uint64_t>& count = to[part % parts];
  std::uint64_t known = count.load(std::memory_order_relaxed);
  while (known >> 32 != part) {
    if (count.compare_exchange_weak(known, std::uint64_t{part} << 32 | 1, std::memory_order_relaxed)) return;
  }
  count.fetch_add(1, std::memory_order_relaxed);
}

std::int64_t health_window::sum(const ring& of, std::uint32_t part) noexcept {
  std::int64_t total = 0;
  for (const auto& each : of) {
    const std::uint64_t known = each.load(std::memory_order_relaxed);
    if (part - static_cast<std::uint32_t>(known >> 32) < parts) total += static_cast<std::uint32_t>(known);
  }
  return total;
}

void health_window::note_success(std::int32_t state_version, std::int32_t window_s, base::epoch_ms now) noexcept {
  if (begin(state_version)) add(successes_, part_at(window_s, parts, now));
}

policy::window_counts health_window::note_failure(std::int32_t state_version, std::int32_t window_s, base::epoch_ms now,
                                                  model::delivery_id delivery) {
  if (!begin(state_version)) return {};
  const std::uint32_t part = part_at(window_s, parts, now);
  add(failures_, part);
  policy::window_counts counts;
  {
    const std::lock_guard lock(mutex_);
    if (failing_under_ != state_version) {
      failing_under_ = state_version;
      failing_ = {};
    }
    const auto same = std::ranges::find(failing_, delivery, &failing_delivery::id);
    auto& place = same != failing_.end() ? *same : *std::ranges::min_element(failing_, {}, &failing_delivery::at);
    place = {delivery, now};
    const base::epoch_ms since = now - window_s * 1000LL;
    counts.failing_deliveries = static_cast<std::int32_t>(
        std::ranges::count_if(failing_, [since](const failing_delivery& each) { return each.at > since; }));
  }
  counts.failures = sum(failures_, part);
  counts.attempts = counts.failures + sum(successes_, part);
  return counts;
}

}  // namespace posthorn::dispatch
