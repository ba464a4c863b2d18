// Passwords as argon2id, by libsodium. One costs limits::password_hash_bytes of memory and a tenth of a second, so one
// is made at a time and few wait for it, however many ask.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "base/result.hpp"

namespace posthorn::account {

// Thread-safe; blocks.
class password_hasher {
 public:
  explicit password_hasher(std::size_t memory_bytes = base::limits::password_hash_bytes);

  // With a salt of its own, its cost and its kind in it: what is stored. too_many_requests: enough are waiting.
  [[nodiscard]] base::result<std::string> hash(std::string_view password);
  // `stored` "": of nobody, which takes as long and is false. too_many_requests as above.
  [[nodiscard]] base::result<bool> matches(std::string_view stored, std::string_view password);

 private:
  template <class Work>
  auto in_turn(const Work& work) -> base::result<decltype(work())>;
  [[nodiscard]] std::string make(std::string_view password) const;

  const std::size_t memory_bytes_;
  std::atomic<std::size_t> waiting_{0};
  std::mutex turn_;
};

}  // namespace posthorn::account
