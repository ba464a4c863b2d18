// Passwords as argon2id, by libsodium. One costs limits::password_hash_bytes of memory and a tenth of a second, so one
// is made at a time; who waits for it stands in hash_queue.hpp.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/limits.hpp"

namespace posthorn::account {

// Thread-safe; blocks.
class password_hasher {
 public:
  explicit password_hasher(std::size_t memory_bytes = base::limits::password_hash_bytes);

  // What is stored: with its salt, its cost and its kind in it. The salt is new, or that of `alike`, a stored one: what
  // belongs to one e-mail address has one salt, and is compared at the price of one.
  [[nodiscard]] std::string hash(std::string_view password, std::string_view alike = {});
  // The first of `stored` that is of this password. Takes as long for none, for one, and for several of one salt.
  [[nodiscard]] std::optional<std::size_t> find_match(std::span<const std::string> stored, std::string_view password);

 private:
  const std::size_t memory_bytes_;
  std::mutex turn_;
};

}  // namespace posthorn::account
