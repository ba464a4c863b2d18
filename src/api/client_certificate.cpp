#include "api/client_certificate.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <string_view>
#include <vector>

namespace posthorn::api {
namespace {

using base::fault;

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};
using bio = std::unique_ptr<BIO, freed_by<BIO_free>>;
using x509 = std::unique_ptr<X509, freed_by<X509_free>>;
using private_key = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using tls_context = std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>>;

bio reader_of(std::string_view text) { return bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

// Without this OpenSSL would ask for a passphrase on the terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

std::vector<x509> chain_of(std::string_view pem) {
  std::vector<x509> chain;
  const bio from = reader_of(pem);
  while (X509* one = PEM_read_bio_X509(from.get(), nullptr, no_passphrase, nullptr)) chain.emplace_back(one);
  // The end of the text is the only good reason to stop.
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) chain.clear();
  ERR_clear_error();
  return chain;
}

base::epoch_ms expiry_of(const X509& certificate) {
  std::tm at{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(&certificate), &at) != 1) return 0;
  return static_cast<base::epoch_ms>(timegm(&at)) * 1'000;
}

std::string subject_of(const X509& certificate) {
  const bio to(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(to.get(), X509_get_subject_name(&certificate), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* text = nullptr;
  const long size = BIO_get_mem_data(to.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::unexpected<base::error> refuse_by_tls(std::string_view pointer) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  auto refused =
      base::fail_at(fault::invalid_field, std::string(pointer),
                    std::string("cannot be used for TLS: ") + (reason != nullptr ? reason : "unknown fault"));
  ERR_clear_error();
  return refused;
}

}  // namespace

base::result<certificate_facts> certificate_facts_of(const model::client_certificate& certificate) {
  ERR_clear_error();
  const std::vector<x509> chain = chain_of(certificate.certificate_pem);
  if (chain.empty()) {
    return base::fail_at(fault::invalid_field, "/certificate_pem",
                         "must be PEM: the certificate, then the chain above it where there is one");
  }
  const bio key_text = reader_of(certificate.key_pem);
  const private_key key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!key) {
    return base::fail_at(fault::invalid_field, "/key_pem", "must be a private key as PEM, without a passphrase");
  }
  if (X509_check_private_key(chain.front().get(), key.get()) != 1) {
    ERR_clear_error();
    return base::fail_at(fault::invalid_field, "/key_pem", "is not the key of the (first) certificate");
  }
  const tls_context context(SSL_CTX_new(TLS_client_method()));
  if (SSL_CTX_use_certificate(context.get(), chain.front().get()) != 1) return refuse_by_tls("/certificate_pem");
  for (auto above = chain.begin() + 1; above != chain.end(); ++above) {
    if (SSL_CTX_add1_chain_cert(context.get(), above->get()) != 1) return refuse_by_tls("/certificate_pem");
  }
  if (SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) return refuse_by_tls("/key_pem");

  certificate_facts facts{.subject = subject_of(*chain.front()), .expires_at = expiry_of(*chain.front())};
  for (const x509& one : chain) facts.expires_at = std::min(facts.expires_at, expiry_of(*one));
  return facts;
}

}  // namespace posthorn::api
