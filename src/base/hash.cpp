#include "base/hash.hpp"

#include <sodium.h>

#include <cstring>

namespace posthorn::base {

std::uint64_t stable_hash(std::string_view text) noexcept {
  if (text.empty()) return 0;
  static constexpr unsigned char key[crypto_shorthash_KEYBYTES] = {'p', 'o', 's', 't', 'h', 'o', 'r', 'n',
                                                                   ' ', 'o', 'r', 'd', 'e', 'r', ' ', '1'};
  unsigned char out[crypto_shorthash_BYTES];
  crypto_shorthash(out, reinterpret_cast<const unsigned char*>(text.data()), text.size(), key);
  std::uint64_t value = 0;
  std::memcpy(&value, out, sizeof value);
  return value == 0 ? 1 : value;
}

}  // namespace posthorn::base
