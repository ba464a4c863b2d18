// Addresses that accounts have been entered from, so that a member goes on where strangers have tried too often. Kept
// as digests under a key of the store: who has a copy of the disk alone cannot tell the addresses.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"

namespace posthorn::account {

// Thread-safe; people_service keeps it in step with the store.
class known_addresses {
 public:
  // `secret`: of the store's own, at least 16 bytes.
  explicit known_addresses(std::string_view secret);

  // 16 raw bytes. `address`: as one subscriber holds it; `email` whatever its case.
  [[nodiscard]] std::string digest_of(std::string_view email, std::uint64_t address) const;
  [[nodiscard]] bool contains(std::string_view email, std::uint64_t address, base::epoch_ms now) const;
  // Holds until `expires_at`; the later of two times counts.
  void put(const std::string& digest, base::epoch_ms expires_at);
  void erase(const std::string& digest);

 private:
  const std::string key_;
  mutable std::mutex mutex_;                                    // for the next line
  std::unordered_map<std::string, base::epoch_ms> expires_at_;  // by digest
};

}  // namespace posthorn::account
