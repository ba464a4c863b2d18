#include "live/tail.hpp"

#include <algorithm>

namespace posthorn::live {

void tail::note(seen_attempt one) {
  const std::lock_guard lock(mutex_);
  last_.push_back(std::move(one));
  ++noted_;
  if (last_.size() > kept_) last_.pop_front();
}

tail::watcher::watcher(tail& at, model::integration_no of) : at_(at), of_(of) {
  const std::lock_guard lock(at_.mutex_);
  at_.watchers_.fetch_add(1, std::memory_order_relaxed);
  next_ = at_.noted_;
}

tail::watcher::~watcher() {
  const std::lock_guard lock(at_.mutex_);
  if (at_.watchers_.fetch_sub(1, std::memory_order_relaxed) == 1) at_.last_.clear();
}

std::vector<seen_attempt> tail::watcher::take(std::size_t limit) {
  std::vector<seen_attempt> found;
  const std::lock_guard lock(at_.mutex_);
  const auto fresh = static_cast<std::size_t>(std::min<std::uint64_t>(at_.noted_ - next_, at_.last_.size()));
  next_ = at_.noted_;
  for (auto each = at_.last_.rbegin(); each != at_.last_.rbegin() + static_cast<std::ptrdiff_t>(fresh); ++each) {
    if (each->integration != of_) continue;
    found.push_back(*each);
    if (found.size() == limit) break;
  }
  std::ranges::reverse(found);
  return found;
}

}  // namespace posthorn::live
