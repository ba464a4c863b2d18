#include "store/sqlite/idempotency_memory.hpp"

namespace posthorn::store::sqlite {

using base::limits::idempotency_window_ms;

std::optional<idempotent_answer> idempotency_memory::find(const std::array<std::uint8_t, 16>& key,
                                                          base::epoch_ms wall) {
  std::optional<idempotent_answer> answer;
  if (const auto found = answers_.find(key); found != answers_.end()) {
    answer = found->second;
  } else if (evicted_) {
    answer = older_(key);
  }
  if (answer && answer->at + idempotency_window_ms <= wall) answer.reset();
  return answer;
}

void idempotency_memory::add(const std::array<std::uint8_t, 16>& key, const idempotent_answer& answer) {
  // A key may come again after its 24 hours: the newer answer wins.
  answers_.insert_or_assign(key, answer);
  order_.push_back(key);
}

void idempotency_memory::begin_anew() {
  answers_.clear();
  order_.clear();
  evicted_ = false;
}

void idempotency_memory::forget_after(model::event_id last_committed) {
  while (!order_.empty()) {
    const auto found = answers_.find(order_.back());
    if (found != answers_.end()) {
      if (found->second.id <= last_committed) break;
      answers_.erase(found);
    }
    order_.pop_back();
  }
}

void idempotency_memory::trim(base::epoch_ms wall, model::event_id indexed) {
  while (!order_.empty()) {
    const auto found = answers_.find(order_.front());
    const bool too_old = found == answers_.end() || found->second.at + idempotency_window_ms <= wall;
    const bool too_many = order_.size() > entries_max_ && found != answers_.end() && found->second.id <= indexed;
    if (!too_old && !too_many) break;
    if (!too_old) evicted_ = true;
    if (found != answers_.end()) answers_.erase(found);
    order_.pop_front();
  }
}

}  // namespace posthorn::store::sqlite
