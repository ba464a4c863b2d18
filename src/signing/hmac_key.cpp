#include "signing/hmac_key.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <stdexcept>

namespace posthorn::signing {
namespace {

const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void require(bool done) {
  if (!done) throw std::runtime_error("OpenSSL cannot compute HMAC");
}

}  // namespace

template <hash H>
void hmac_key<H>::free_context::operator()(evp_mac_ctx_st* context) const noexcept {
  EVP_MAC_CTX_free(context);
}

template <hash H>
hmac_key<H>::hmac_key(std::string_view key) {
  EVP_MAC* algorithm = EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr);
  require(algorithm != nullptr);
  context_.reset(EVP_MAC_CTX_new(algorithm));
  EVP_MAC_free(algorithm);  // the context keeps its own reference
  require(context_ != nullptr);

  char digest_sha256[] = "SHA256";
  char digest_sha512[] = "SHA512";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, H == hash::sha256 ? digest_sha256 : digest_sha512, 0),
      OSSL_PARAM_construct_end()};
  // A null pointer would mean "keep the key": an empty key must still be one.
  const std::string_view present = key.data() != nullptr ? key : std::string_view("");
  require(EVP_MAC_init(context_.get(), bytes_of(present), present.size(), parameters) == 1);
}

// Measured for 600 bytes, SHA-512: one-shot HMAC() 2.28 us, duplicating the context 1.35, re-initialising it 1.05
// (SHA-256: 1.41, 0.80, 0.52); libsodium's copied state 1.47 (2.04). Bare hashing is 0.80 (0.40).
template <hash H>
typename hmac_key<H>::mac hmac_key<H>::sign(std::span<const std::string_view> parts) {
  require(EVP_MAC_init(context_.get(), nullptr, 0, nullptr) == 1);
  for (const std::string_view part : parts) {
    require(EVP_MAC_update(context_.get(), bytes_of(part), part.size()) == 1);
  }
  mac out;
  std::size_t length = 0;
  require(EVP_MAC_final(context_.get(), out.data(), &length, out.size()) == 1 && length == out.size());
  return out;
}

template class hmac_key<hash::sha256>;
template class hmac_key<hash::sha512>;

}  // namespace posthorn::signing
