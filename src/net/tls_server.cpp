#include "net/tls_server.hpp"

#include <openssl/ssl.h>

#include <utility>

namespace posthorn::net {
namespace {

namespace ssl = boost::asio::ssl;

std::unexpected<base::error> unusable(const std::string& what, const std::string& path,
                                      const boost::system::error_code& why) {
  return base::fail(base::fault::invalid_configuration, what + " " + path + " is not usable: " + why.message());
}

base::result<std::shared_ptr<ssl::context>> make_context(const std::string& certificate, const std::string& key) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  // Of TLS 1.2, what has forward secrecy and an AEAD (RFC 9325 section 4.2); TLS 1.3 has nothing else.
  SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);  // an idle connection gives back its 32 KiB
  boost::system::error_code failed;
  context->use_certificate_chain_file(certificate, failed);
  if (failed) return unusable("TLS certificate", certificate, failed);
  // OpenSSL checks here already that the key belongs to the certificate.
  context->use_private_key_file(key, ssl::context::pem, failed);
  if (failed) return unusable("TLS key", key, failed);
  return context;
}

}  // namespace

base::result<std::shared_ptr<tls_server>> tls_server::load(std::string certificate_path, std::string key_path) {
  std::shared_ptr<tls_server> made(new tls_server(std::move(certificate_path), std::move(key_path)));
  if (auto loaded = made->reload(); !loaded) return std::unexpected(std::move(loaded.error()));
  return made;
}

base::result<void> tls_server::reload() {
  auto context = make_context(certificate_path_, key_path_);
  if (!context) return std::unexpected(std::move(context.error()));
  const std::lock_guard lock(guard_);
  current_ = std::move(*context);
  return {};
}

std::shared_ptr<ssl::context> tls_server::current() const {
  const std::lock_guard lock(guard_);
  return current_;
}

}  // namespace posthorn::net
