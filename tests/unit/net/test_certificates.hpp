// Certificates made while a test runs: an authority, and leaves that are right or wrong in one way each.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

namespace posthorn::net {

struct certificate {
  std::string pem;
  std::string key_pem;
};

struct leaf_wish {
  std::string alternative_names = "DNS:localhost,IP:127.0.0.1";
  long valid_from_s = -3600;  // from now
  long valid_until_s = 3600;
};

class test_authority {
 public:
  test_authority()
      : key_(EVP_EC_gen("P-256")),
        certificate_(make("Test Authority " + std::to_string(++made_), {.alternative_names = {}}, key_.get(), true)) {}

  [[nodiscard]] certificate issue(const leaf_wish& wish = {}) const {
    const key_ptr key(EVP_EC_gen("P-256"));
    const x509_ptr leaf = make("Test Leaf", wish, key.get(), false);
    return {pem_of(leaf.get()), pem_of(key.get())};
  }
  // The authority's own certificate: to whoever does not trust it, a self-signed one.
  [[nodiscard]] certificate own() const { return {pem_of(certificate_.get()), pem_of(key_.get())}; }
  // The authority's certificate as a file, which goes with this object.
  [[nodiscard]] const std::string& file() const { return file_.path; }

 private:
  struct free_key {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  struct free_x509 {
    void operator()(X509* x509) const { X509_free(x509); }
  };
  using key_ptr = std::unique_ptr<EVP_PKEY, free_key>;
  using x509_ptr = std::unique_ptr<X509, free_x509>;

  struct temporary_file {
    explicit temporary_file(const std::string& text)
        : path(std::filesystem::temp_directory_path() / ("posthorn_ca_XXXXXX")) {
      ::close(::mkstemp(path.data()));
      std::ofstream(path) << text;
    }
    ~temporary_file() { std::remove(path.c_str()); }
    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;
    std::string path;
  };

  static void add_extension(X509* to, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
    X509_EXTENSION* const made = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    if (made == nullptr) throw std::runtime_error("certificate extension " + value);
    X509_add_ext(to, made, -1);
    X509_EXTENSION_free(made);
  }

  x509_ptr make(const std::string& name, const leaf_wish& wish, EVP_PKEY* key, bool authority) const {
    x509_ptr out(X509_new());
    X509_set_version(out.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(out.get()), authority ? 1 : 2);
    X509_gmtime_adj(X509_getm_notBefore(out.get()), wish.valid_from_s);
    X509_gmtime_adj(X509_getm_notAfter(out.get()), wish.valid_until_s);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509* const issuer = authority ? out.get() : certificate_.get();
    X509_set_issuer_name(out.get(), X509_get_subject_name(issuer));
    X509_set_pubkey(out.get(), key);
    if (authority) {
      add_extension(out.get(), issuer, NID_basic_constraints, "critical,CA:TRUE");
    } else {
      add_extension(out.get(), issuer, NID_subject_alt_name, wish.alternative_names);
    }
    X509_sign(out.get(), key_.get(), EVP_sha256());
    return out;
  }

  static std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string out(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return out;
  }
  static std::string pem_of(X509* x509) {
    BIO* const bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, x509);
    return text_of(bio);
  }
  static std::string pem_of(EVP_PKEY* key) {
    BIO* const bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
    return text_of(bio);
  }

  static inline int made_ = 0;  // authorities of one name would be taken for each other

  key_ptr key_;
  x509_ptr certificate_;
  temporary_file file_{pem_of(certificate_.get())};
};

}  // namespace posthorn::net
