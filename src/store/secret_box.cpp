#include "store/secret_box.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "base/random.hpp"

namespace posthorn::store {
namespace {

constexpr char version = 1;
constexpr std::string_view key_id_domain = "posthorn master key";
constexpr std::string_view check_text = "posthorn";
constexpr secret_place check_place{"meta", 0, "master_key_check"};

constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t head_bytes = 1 + 8 + nonce_bytes;
static_assert(secret_box::key_bytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

std::string associated(const secret_place& place) {
  return fmt::format("{}/{}/{}", place.table, place.row, place.column);
}

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

base::result<secret_box> secret_box::make(std::string_view master_key) {
  if (master_key.size() != key_bytes) {
    return base::fail(base::fault::invalid_configuration,
                      fmt::format("the master key has {} bytes, it must have {}", master_key.size(), key_bytes));
  }
  secret_box made;
  std::copy(master_key.begin(), master_key.end(), made.key_.begin());
  std::array<unsigned char, crypto_generichash_BYTES> digest{};
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, digest.size());
  crypto_generichash_update(&state, bytes(key_id_domain), key_id_domain.size());
  crypto_generichash_update(&state, made.key_.data(), made.key_.size());
  crypto_generichash_final(&state, digest.data(), digest.size());
  std::copy_n(digest.begin(), made.key_id_.size(), made.key_id_.begin());
  return made;
}

secret_box::~secret_box() { sodium_memzero(key_.data(), key_.size()); }

std::string secret_box::seal(std::string_view plain, const secret_place& place) const {
  const std::string bound_to = associated(place);
  std::string sealed;
  sealed.reserve(head_bytes + plain.size() + tag_bytes);
  sealed += version;
  sealed.append(key_id_.data(), key_id_.size());
  sealed += base::random_bytes(nonce_bytes);
  sealed.resize(head_bytes + plain.size() + tag_bytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(sealed) + head_bytes, nullptr, bytes(plain), plain.size(),
                                             bytes(bound_to), bound_to.size(), nullptr,
                                             bytes(sealed) + head_bytes - nonce_bytes, key_.data());
  return sealed;
}

base::result<std::string> secret_box::open(std::string_view sealed, const secret_place& place) const {
  const std::string bound_to = associated(place);
  if (sealed.size() < head_bytes + tag_bytes || sealed.front() != version) {
    return base::fail(base::fault::store_corrupt, bound_to + ": this is not a sealed secret");
  }
  if (sealed.substr(1, key_id_.size()) != std::string_view(key_id_.data(), key_id_.size())) {
    return base::fail(base::fault::wrong_master_key, bound_to + ": sealed under another master key");
  }
  std::string plain(sealed.size() - head_bytes - tag_bytes, '\0');
  const int wrong = crypto_aead_xchacha20poly1305_ietf_decrypt(
      bytes(plain), nullptr, nullptr, bytes(sealed) + head_bytes, sealed.size() - head_bytes, bytes(bound_to),
      bound_to.size(), bytes(sealed) + head_bytes - nonce_bytes, key_.data());
  if (wrong != 0) return base::fail(base::fault::store_corrupt, bound_to + ": the sealed secret was altered");
  return plain;
}

std::string secret_box::check_value() const { return seal(check_text, check_place); }

base::result<void> secret_box::verify(std::string_view check_value) const {
  auto opened = open(check_value, check_place);
  if (opened) return {};
  if (opened.error().code != base::fault::wrong_master_key) return std::unexpected(std::move(opened.error()));
  return base::fail(base::fault::wrong_master_key,
                    "this master key is not the one that the store's secrets were sealed with: start with the key "
                    "that belongs to this data directory (POSTHORN_MASTER_KEY or its key file)");
}

}  // namespace posthorn::store
