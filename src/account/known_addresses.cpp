#include "account/known_addresses.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <new>

namespace posthorn::account {
namespace {

constexpr std::size_t digest_bytes = 16;

std::string keyed_digest(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, text.size(), out.data(), &size) == nullptr) {
    throw std::bad_alloc();
  }
  return {reinterpret_cast<const char*>(out.data()), size};
}

}  // namespace

known_addresses::known_addresses(std::string_view secret) : key_(keyed_digest(secret, "posthorn known addresses")) {}

std::string known_addresses::digest_of(std::string_view email, std::uint64_t address) const {
  std::string text;
  for (const char c : email) text += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c;
  text += '\n';
  for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(address >> shift & 0xff);
  return keyed_digest(key_, text).substr(0, digest_bytes);
}

bool known_addresses::contains(std::string_view email, std::uint64_t address, base::epoch_ms now) const {
  const std::string digest = digest_of(email, address);
  const std::lock_guard lock(mutex_);
  const auto found = expires_at_.find(digest);
  return found != expires_at_.end() && found->second > now;
}

void known_addresses::put(const std::string& digest, base::epoch_ms expires_at) {
  const std::lock_guard lock(mutex_);
  base::epoch_ms& kept = expires_at_[digest];
  kept = std::max(kept, expires_at);
}

void known_addresses::erase(const std::string& digest) {
  const std::lock_guard lock(mutex_);
  expires_at_.erase(digest);
}

}  // namespace posthorn::account
