#include "account/derived_key.hpp"

#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <memory>
#include <new>

namespace posthorn::account {
namespace {

constexpr std::size_t key_bytes = 32;

struct free_context {
  void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
};

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::string derived_key(std::string_view master_key, std::string_view purpose) {
  const std::unique_ptr<EVP_PKEY_CTX, free_context> context(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr));
  std::string made(key_bytes, '\0');
  std::size_t length = made.size();
  if (!context || EVP_PKEY_derive_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()) != 1 ||
      EVP_PKEY_CTX_set1_hkdf_key(context.get(), bytes_of(master_key), static_cast<int>(master_key.size())) != 1 ||
      EVP_PKEY_CTX_add1_hkdf_info(context.get(), bytes_of(purpose), static_cast<int>(purpose.size())) != 1 ||
      EVP_PKEY_derive(context.get(), reinterpret_cast<unsigned char*>(made.data()), &length) != 1) {
    throw std::bad_alloc();
  }
  return made;
}

}  // namespace posthorn::account
