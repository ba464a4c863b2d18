// The thread on which passwords are hashed: one, because a hash takes a processor and 64 MiB for a tenth of a second,
// and no other work waits for it. Who is next: hash_turns.hpp.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "account/hash_turns.hpp"

namespace posthorn::account {

// Thread-safe.
class hash_queue {
 public:
  hash_queue();
  hash_queue(const hash_queue&) = delete;
  hash_queue& operator=(const hash_queue&) = delete;
  ~hash_queue() { stop(); }

  // `work` is called on the queue's thread, and must not throw. Does not block. Fails as hash_turns::put.
  base::result<void> put(const password_try& of, hash_turns::job work);
  // Returns after the work in hand; what waits is dropped, and so is what comes later.
  void stop();

  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }

 private:
  void loop();

  std::atomic<std::uint64_t> refused_{0};
  std::mutex mutex_;  // for the next three
  std::condition_variable woken_;
  hash_turns turns_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace posthorn::account
