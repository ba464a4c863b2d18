// Secrets at rest: XChaCha20-Poly1305 (libsodium) under the master key, bound to the place they are stored in, so that
// a sealed value moved to another row or column does not open.
//   sealed = version:u8(1) key_id(8) nonce(24) ciphertext+tag
//   key_id = the first 8 bytes of BLAKE2b-256("posthorn master key" key)
//   associated data = table "/" row in decimal "/" column
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace posthorn::store {

struct secret_place {
  std::string_view table;
  std::int64_t row = 0;
  std::string_view column;
};

// Immutable once made; any thread.
class secret_box {
 public:
  static constexpr std::size_t key_bytes = 32;

  // invalid_configuration unless the key has exactly key_bytes bytes.
  static base::result<secret_box> make(std::string_view master_key);
  ~secret_box();
  secret_box(const secret_box&) = default;
  secret_box& operator=(const secret_box&) = default;

  [[nodiscard]] std::string seal(std::string_view plain, const secret_place& place) const;
  // wrong_master_key: sealed under another key. store_corrupt: altered, cut short, or from another place.
  [[nodiscard]] base::result<std::string> open(std::string_view sealed, const secret_place& place) const;

  // A sealed constant, kept in meta('master_key_check'); verify() tells at once whether this key opens the store.
  [[nodiscard]] std::string check_value() const;
  [[nodiscard]] base::result<void> verify(std::string_view check_value) const;

 private:
  secret_box() = default;

  std::array<unsigned char, key_bytes> key_{};
  std::array<char, 8> key_id_{};
};

}  // namespace posthorn::store
