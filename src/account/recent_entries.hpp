// What is remembered of the keys that were used last: beyond `max` of them, the one that was not used for longest goes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <unordered_map>
#include <utility>

namespace posthorn::account {

// Not thread-safe.
template <class Value>
class recent_entries {
 public:
  explicit recent_entries(std::size_t max) noexcept : max_(max) {}

  // Null where it is not remembered. No use of the key.
  [[nodiscard]] const Value* find(std::uint64_t key) const {
    const auto known = by_key_.find(key);
    return known == by_key_.end() ? nullptr : &known->second->second;
  }
  // Makes it where it is not remembered. Valid until the next use.
  [[nodiscard]] Value& use(std::uint64_t key) {
    const auto known = by_key_.find(key);
    if (known != by_key_.end()) {
      newest_first_.splice(newest_first_.begin(), newest_first_, known->second);
      return newest_first_.front().second;
    }
    if (by_key_.size() >= max_) {
      by_key_.erase(newest_first_.back().first);
      newest_first_.pop_back();
    }
    newest_first_.emplace_front(key, Value{});
    by_key_[key] = newest_first_.begin();
    return newest_first_.front().second;
  }
  [[nodiscard]] std::size_t size() const noexcept { return by_key_.size(); }

 private:
  using entry_list = std::list<std::pair<std::uint64_t, Value>>;

  const std::size_t max_;
  entry_list newest_first_;
  std::unordered_map<std::uint64_t, typename entry_list::iterator> by_key_;
};

}  // namespace posthorn::account
