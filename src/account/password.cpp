#include "account/password.hpp"

#include <sodium.h>

#include <array>
#include <new>
#include <stdexcept>

namespace posthorn::account {

password_hasher::password_hasher(std::size_t memory_bytes) : memory_bytes_(memory_bytes) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be initialised");
}

template <class Work>
auto password_hasher::in_turn(const Work& work) -> base::result<decltype(work())> {
  struct place {
    std::atomic<std::size_t>& count;
    ~place() { --count; }
  };
  const place mine{waiting_};
  if (waiting_.fetch_add(1) > base::limits::password_hashes_waiting_max) {
    return base::fail_later(base::fault::too_many_requests, "too many people log in at this moment: try again", 1);
  }
  const std::lock_guard lock(turn_);
  return work();
}

std::string password_hasher::make(std::string_view password) const {
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                            memory_bytes_, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw std::bad_alloc();
  }
  return out.data();
}

base::result<std::string> password_hasher::hash(std::string_view password) {
  return in_turn([&] { return make(password); });
}

base::result<bool> password_hasher::matches(std::string_view stored, std::string_view password) {
  return in_turn([&, text = std::string(stored)] {
    if (text.empty()) return make(password).empty();
    return crypto_pwhash_str_verify(text.c_str(), password.data(), password.size()) == 0;
  });
}

}  // namespace posthorn::account
