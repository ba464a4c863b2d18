// The server over TLS, with certificates made here.
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "http_server_fixture.hpp"
#include "net/tls_server.hpp"

namespace posthorn::net {
namespace {

namespace fs = std::filesystem;

template <auto Free>
struct freed {
  template <class T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed<X509_free>>;
using ssl_ctx_ptr = std::unique_ptr<SSL_CTX, freed<SSL_CTX_free>>;
using ssl_ptr = std::unique_ptr<SSL, freed<SSL_free>>;
using file_ptr = std::unique_ptr<std::FILE, freed<std::fclose>>;

void write_identity(const fs::path& certificate_path, const fs::path& key_path, const std::string& name) {
  const key_ptr key(EVP_EC_gen("P-256"));
  const certificate_ptr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate.get(), subject);
  ASSERT_NE(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
  const file_ptr certificate_file(std::fopen(certificate_path.c_str(), "w"));
  ASSERT_EQ(PEM_write_X509(certificate_file.get(), certificate.get()), 1);
  const file_ptr key_file(std::fopen(key_path.c_str(), "w"));
  ASSERT_EQ(PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr), 1);
}

class tls_client_of_test {
 public:
  explicit tls_client_of_test(std::uint16_t port, int version_max = TLS1_3_VERSION, const char* ciphers = nullptr)
      : raw_(port), context_(SSL_CTX_new(TLS_client_method())) {
    if (ciphers != nullptr) {
      EXPECT_EQ(SSL_CTX_set_cipher_list(context_.get(), ciphers), 1) << ciphers;
    }
    SSL_CTX_set_max_proto_version(context_.get(), version_max);
    SSL_CTX_set_security_level(context_.get(), 0);  // so that it is the server that refuses an old version
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), raw_.native());
    connected_ = SSL_connect(ssl_.get()) == 1;
    ERR_clear_error();
  }

  [[nodiscard]] bool connected() const noexcept { return connected_; }

  [[nodiscard]] std::string server_name() const {
    const certificate_ptr shown(SSL_get1_peer_certificate(ssl_.get()));
    char name[64] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, name, sizeof name);
    return name;
  }

  void send(std::string_view bytes) { SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())); }

  // Everything up to the body's announced end, or to the connection's.
  server_answer read_answer() {
    std::string buffer;
    char bytes[4096];
    while (true) {
      response_parser parser;
      const parse_outcome outcome = parser.parse(buffer);
      if (outcome.status == parse_status::done &&
          buffer.size() >= outcome.consumed + static_cast<std::size_t>(parser.head().content_length)) {
        return {parser.head().status, buffer.substr(0, outcome.consumed), buffer.substr(outcome.consumed),
                parser.head().keep_alive};
      }
      const int count = SSL_read(ssl_.get(), bytes, sizeof bytes);
      if (count <= 0) return {};
      buffer.append(bytes, static_cast<std::size_t>(count));
    }
  }

  server_answer ask(std::string_view bytes) {
    send(bytes);
    return read_answer();
  }

  // True if the server has said goodbye (close_notify), not only dropped the connection.
  bool at_end() {
    char byte = 0;
    const int count = SSL_read(ssl_.get(), &byte, 1);
    return count == 0 && SSL_get_error(ssl_.get(), count) == SSL_ERROR_ZERO_RETURN;
  }

 private:
  raw_client raw_;
  ssl_ctx_ptr context_;
  ssl_ptr ssl_;
  bool connected_ = false;
};

class HttpServerTls : public HttpServer {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("posthorn_tls_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    write_identity(folder_ / "cert.pem", folder_ / "key.pem", "first");
    tls_ = tls_server::load(folder_ / "cert.pem", folder_ / "key.pem").value();
  }
  void TearDown() override {
    HttpServer::TearDown();
    fs::remove_all(folder_);
  }
  [[nodiscard]] tls_client_of_test connect_tls() const { return tls_client_of_test(server_->port()); }

  fs::path folder_;
  std::shared_ptr<tls_server> tls_;
};

constexpr std::string_view who = "GET /who HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_F(HttpServerTls, AnswersAndKeepsTheConnection) {
  start({.tls = tls_});
  tls_client_of_test client = connect_tls();
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(client.server_name(), "first");
  EXPECT_EQ(client.ask(who).body, "127.0.0.1 tls ");
  EXPECT_EQ(client.ask(who).body, "127.0.0.1 tls ");
  const std::string body(1 << 20, 'x');
  const std::string head = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  EXPECT_EQ(client.ask(head + body).body, "POST  " + body);
}

TEST_F(HttpServerTls, SaysGoodbye) {
  start({.tls = tls_});
  tls_client_of_test client = connect_tls();
  EXPECT_EQ(client.ask("GET /last HTTP/1.1\r\nHost: a\r\n\r\n").body, "bye");
  EXPECT_TRUE(client.at_end());
}

TEST_F(HttpServerTls, RefusesOldVersions) {
  start({.tls = tls_});
  EXPECT_FALSE(tls_client_of_test(server_->port(), TLS1_1_VERSION).connected());
  EXPECT_TRUE(tls_client_of_test(server_->port(), TLS1_2_VERSION).connected());
}

TEST_F(HttpServerTls, SpeaksTls12WithForwardSecrecyAndAuthenticatedCiphersOnly) {
  start({.tls = tls_});
  const auto speaks = [&](const char* ciphers) {
    return tls_client_of_test(server_->port(), TLS1_2_VERSION, ciphers).connected();
  };
  for (const char* good :
       {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"}) {
    EXPECT_TRUE(speaks(good)) << good;
  }
  for (const char* old : {"ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA", "ECDHE-ECDSA-AES128-SHA256",
                          "ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-AES128-CCM", "ECDHE-ECDSA-CAMELLIA128-SHA256"}) {
    EXPECT_FALSE(speaks(old)) << old;
  }
  // What an RSA certificate would let in is not offered either.
  std::set<std::string> offered;
  STACK_OF(SSL_CIPHER)* const ciphers = SSL_CTX_get_ciphers(tls_->current()->native_handle());
  for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i)
    offered.insert(SSL_CIPHER_get_name(sk_SSL_CIPHER_value(ciphers, i)));
  EXPECT_TRUE(offered.contains("ECDHE-RSA-AES128-GCM-SHA256"));
  for (const std::string& each : offered) {
    EXPECT_TRUE(each.starts_with("ECDHE-") || each.starts_with("TLS_")) << each;
    EXPECT_TRUE(each.contains("GCM") || each.contains("POLY1305")) << each;
  }
}

TEST_F(HttpServerTls, NewConnectionsSeeTheReloadedCertificate) {
  start({.tls = tls_});
  tls_client_of_test before = connect_tls();
  write_identity(folder_ / "cert.pem", folder_ / "key.pem", "second");
  ASSERT_TRUE(tls_->reload().has_value());
  EXPECT_EQ(connect_tls().server_name(), "second");
  EXPECT_EQ(before.ask(who).status, 200) << "the old connection lives on";
}

TEST_F(HttpServerTls, AnUnusableCertificateLeavesTheOldOne) {
  start({.tls = tls_});
  write_identity(folder_ / "cert.pem", folder_ / "other.pem", "third");
  const auto reloaded = tls_->reload();
  ASSERT_FALSE(reloaded.has_value()) << "the key does not belong to the certificate";
  EXPECT_EQ(reloaded.error().code, base::fault::invalid_configuration);
  EXPECT_EQ(connect_tls().server_name(), "first");
  EXPECT_FALSE(tls_server::load(folder_ / "none.pem", folder_ / "key.pem").has_value());
}

TEST_F(HttpServerTls, DeadlinesHoldInsideTls) {
  start({.tls = tls_, .head_timeout_ms = 100});
  EXPECT_TRUE(connect().at_end()) << "no handshake";
  tls_client_of_test slow = connect_tls();
  EXPECT_EQ(slow.ask("GET / HTTP/1.1\r\nHost:").status, 408);
}

TEST_F(HttpServerTls, PlainHttpIsNotAnsweredAndNotFatal) {
  start({.tls = tls_});
  raw_client plain = connect();
  EXPECT_EQ(plain.ask(who).status, 0);
  EXPECT_EQ(connect_tls().ask(who).status, 200);
}

}  // namespace
}  // namespace posthorn::net
