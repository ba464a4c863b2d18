#include "account/password.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <cstdio>
#include <map>
#include <new>
#include <stdexcept>

namespace posthorn::account {
namespace {

constexpr std::size_t kib = 1024;
constexpr std::size_t hash_bytes = 32;
constexpr int base64_form = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;

// What a hash is made with, beside the password: all of its text but the last part.
//   $argon2id$v=19$m=KIB,t=PASSES,p=1$SALT$HASH
struct recipe {
  std::size_t memory_kib = 0;
  unsigned long long passes = 0;
  std::array<unsigned char, crypto_pwhash_SALTBYTES> salt{};
};

std::string to_base64(const unsigned char* bytes, std::size_t size) {
  std::string text(sodium_base64_ENCODED_LEN(size, base64_form), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes, size, base64_form);
  text.pop_back();  // the terminator
  return text;
}

std::string_view without_hash(std::string_view stored) { return stored.substr(0, stored.rfind('$')); }

// nullopt: not of this form.
std::optional<recipe> recipe_of(const std::string& stored) {
  recipe read;
  int after = 0;
  if (std::sscanf(stored.c_str(), "$argon2id$v=19$m=%zu,t=%llu,p=1$%n", &read.memory_kib, &read.passes, &after) != 2 ||
      after == 0) {
    return std::nullopt;
  }
  const std::string_view salt = without_hash(stored).substr(static_cast<std::size_t>(after));
  std::size_t size = 0;
  const int failed = sodium_base642bin(read.salt.data(), read.salt.size(), salt.data(), salt.size(), nullptr, &size,
                                       nullptr, base64_form);
  if (failed != 0 || size != read.salt.size()) return std::nullopt;
  return read;
}

std::string make(std::string_view password, const recipe& by) {
  std::array<unsigned char, hash_bytes> out{};
  if (crypto_pwhash(out.data(), out.size(), password.data(), password.size(), by.salt.data(), by.passes,
                    by.memory_kib * kib, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw std::bad_alloc();
  }
  return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", by.memory_kib, by.passes,
                     to_base64(by.salt.data(), by.salt.size()), to_base64(out.data(), out.size()));
}

recipe new_recipe(std::size_t memory_bytes) {
  recipe made{.memory_kib = memory_bytes / kib, .passes = crypto_pwhash_OPSLIMIT_INTERACTIVE, .salt = {}};
  randombytes_buf(made.salt.data(), made.salt.size());
  return made;
}

bool are_equal(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

password_hasher::password_hasher(std::size_t memory_bytes) : memory_bytes_(memory_bytes) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialised");
}

std::string password_hasher::hash(std::string_view password, std::string_view alike) {
  recipe by = new_recipe(memory_bytes_);
  if (const auto known = recipe_of(std::string(alike))) by.salt = known->salt;
  const std::lock_guard lock(turn_);
  return make(password, by);
}

std::optional<std::size_t> password_hasher::find_match(std::span<const std::string> stored, std::string_view password) {
  const std::lock_guard lock(turn_);
  std::map<std::string_view, std::string> made;  // by what it was made with
  if (stored.empty()) made.emplace("", make(password, new_recipe(memory_bytes_)));
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    bool is_right = false;
    if (const auto by = recipe_of(stored[i])) {
      const auto [place, is_new] = made.try_emplace(without_hash(stored[i]));
      if (is_new) place->second = make(password, *by);
      is_right = are_equal(place->second, stored[i]);
    } else {
      is_right = crypto_pwhash_str_verify(stored[i].c_str(), password.data(), password.size()) == 0;
    }
    if (is_right && !found) found = i;
  }
  return found;
}

}  // namespace posthorn::account
