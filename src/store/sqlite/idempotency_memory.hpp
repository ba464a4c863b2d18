// The last 24 hours of keyed requests, newest in memory and bounded; older ones are found in index.db.
// Writer thread only.
#pragma once

#include <array>
#include <cstring>
#include <deque>
#include <functional>
#include <optional>
#include <unordered_map>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "store/event_intake.hpp"

namespace posthorn::store::sqlite {

struct idempotent_answer {
  std::array<std::uint8_t, 16> body{};
  model::event_id id = 0;
  std::uint32_t deliveries = 0;
  base::epoch_ms at = 0;  // wall time
};

class idempotency_memory {
 public:
  // Finds a key that did not make it into memory or left it; set by the store.
  using older_lookup = std::function<std::optional<idempotent_answer>(const std::array<std::uint8_t, 16>& key)>;
  explicit idempotency_memory(older_lookup older,
                              std::size_t entries_max = base::limits::idempotency_entries_in_memory_max)
      : older_(std::move(older)), entries_max_(entries_max) {}

  [[nodiscard]] std::optional<idempotent_answer> find(const std::array<std::uint8_t, 16>& key, base::epoch_ms wall);
  void add(const std::array<std::uint8_t, 16>& key, const idempotent_answer& answer);
  void forget(const std::array<std::uint8_t, 16>& key) { answers_.erase(key); }
  // Entries of a transaction that failed: ids above `last_committed`.
  void forget_after(model::event_id last_committed);
  // Lets go of what is too old, and of the oldest beyond the bound if its event is at or below `indexed`.
  void trim(base::epoch_ms wall, model::event_id indexed);
  // Nothing is known; before it is filled from the store.
  void begin_anew();
  // Some key of the last 24 hours is not in memory.
  void note_older() noexcept { evicted_ = true; }
  [[nodiscard]] std::size_t entries_max() const noexcept { return entries_max_; }

 private:
  struct key_hash {
    std::size_t operator()(const std::array<std::uint8_t, 16>& key) const noexcept {
      std::size_t value = 0;
      std::memcpy(&value, key.data(), sizeof value);
      return value;
    }
  };
  older_lookup older_;
  std::size_t entries_max_;
  bool evicted_ = false;  // some key of the last 24 hours is not in memory
  std::unordered_map<std::array<std::uint8_t, 16>, idempotent_answer, key_hash> answers_;
  std::deque<std::array<std::uint8_t, 16>> order_;  // by growing id
};

}  // namespace posthorn::store::sqlite
