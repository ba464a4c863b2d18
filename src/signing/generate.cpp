#include "signing/generate.hpp"

#include <sodium.h>

#include <array>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "signing/standard_webhooks.hpp"

namespace posthorn::signing {
namespace {

constexpr std::size_t v1_secret_bytes = 32;

// base64 of `key` behind `prefix`; wipes `key`.
std::string spell(std::string_view prefix, std::string& key) {
  std::string text = std::string(prefix) + base::to_base64(key);
  sodium_memzero(key.data(), key.size());
  return text;
}

}  // namespace

std::string new_v1_secret() {
  std::string key = base::random_bytes(v1_secret_bytes);
  return spell(v1_secret_prefix, key);
}

std::string new_v1a_secret() {
  std::string seed = base::random_bytes(crypto_sign_SEEDBYTES);
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_half;
  std::string pair(crypto_sign_SECRETKEYBYTES, '\0');
  crypto_sign_seed_keypair(public_half.data(), reinterpret_cast<unsigned char*>(pair.data()),
                           reinterpret_cast<const unsigned char*>(seed.data()));
  sodium_memzero(seed.data(), seed.size());
  return spell(v1a_secret_prefix, pair);
}

}  // namespace posthorn::signing
