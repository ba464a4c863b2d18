#include "account/hash_queue.hpp"

#include <utility>

namespace posthorn::account {

hash_queue::hash_queue() : thread_([this] { loop(); }) {}

base::result<void> hash_queue::put(const password_try& of, hash_turns::job work) {
  {
    const std::lock_guard lock(mutex_);
    if (auto placed = turns_.put(of, std::move(work)); !placed) {
      refused_.fetch_add(1, std::memory_order_relaxed);
      return placed;
    }
  }
  woken_.notify_one();
  return {};
}

void hash_queue::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void hash_queue::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    std::optional<hash_turns::turn> next;
    woken_.wait(lock, [&] { return stopping_ || (next = turns_.take()).has_value(); });
    if (stopping_) return;
    lock.unlock();
    next->work();
    lock.lock();
    turns_.done(next->of);
  }
}

}  // namespace posthorn::account
