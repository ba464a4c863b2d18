// HMAC (RFC 2104) under a key whose inner and outer states are prepared once: the key's two blocks are hashed at
// construction, and each message then costs its own bytes and one block.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

struct evp_mac_ctx_st;  // OpenSSL's EVP_MAC_CTX

namespace posthorn::signing {

// The value is the length of the MAC in bytes.
enum class hash : std::uint8_t { sha256 = 32, sha512 = 64 };

// Owns its state; movable, not thread-safe: one per thread. Both functions throw std::runtime_error where OpenSSL has
// no such HMAC or no memory, which no input can cause. A moved-from key may only be destroyed or assigned to.
template <hash H>
class hmac_key {
 public:
  using mac = std::array<unsigned char, static_cast<std::size_t>(H)>;

  // `key` is copied by OpenSSL and wiped when this object goes.
  explicit hmac_key(std::string_view key);

  // The MAC of the parts, one after the other without separator.
  [[nodiscard]] mac sign(std::span<const std::string_view> parts);

 private:
  struct free_context {
    void operator()(evp_mac_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_mac_ctx_st, free_context> context_;
};

extern template class hmac_key<hash::sha256>;
extern template class hmac_key<hash::sha512>;

}  // namespace posthorn::signing
