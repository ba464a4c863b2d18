#include "base/random.hpp"

#include <sodium.h>

namespace posthorn::base {

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

std::string random_text(std::size_t count) {
  static constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::string text(count, '\0');
  for (char& c : text) c = alphabet[randombytes_uniform(static_cast<std::uint32_t>(alphabet.size()))];
  return text;
}

double random_unit() noexcept {
  // splitmix64 on a per-thread seed: jitter must not cost a system call per attempt.
  thread_local std::uint64_t state = [] {
    std::uint64_t seed = 0;
    randombytes_buf(&seed, sizeof seed);
    return seed;
  }();
  state += 0x9e3779b97f4a7c15ULL;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  z ^= z >> 31;
  return static_cast<double>(z >> 11) * 0x1.0p-53;
}

std::uint64_t random_id() {
  std::uint64_t value = 0;
  randombytes_buf(&value, sizeof value);
  return value >> 1;
}

std::string random_integration_id() {
  std::string text(20, '0');
  for (char& c : text) c = static_cast<char>('0' + randombytes_uniform(10));
  text[0] = static_cast<char>('1' + randombytes_uniform(9));
  return text;
}

}  // namespace posthorn::base
