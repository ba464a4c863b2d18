#include "net/tls_client.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace posthorn::net {
namespace {

using tcp_socket = boost::asio::ip::tcp::socket;

// OpenSSL's own socket BIO would raise SIGPIPE and keep a file number that may by now be another connection's; this one
// asks the socket each time, which answers -1 once it is closed.
int native_of(BIO* bio) { return static_cast<tcp_socket*>(BIO_get_data(bio))->native_handle(); }

// Marks the end of the stream, which OpenSSL asks for through bio_control.
constexpr int at_end = BIO_FLAGS_IN_EOF;

int finish_io(BIO* bio, ssize_t moved, int retry_flag) {
  if (moved < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_flags(bio, retry_flag | BIO_FLAGS_SHOULD_RETRY);
  return static_cast<int>(moved);
}

int bio_read(BIO* bio, char* into, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t moved = ::recv(native_of(bio), into, static_cast<std::size_t>(size), MSG_DONTWAIT);
  if (moved == 0) BIO_set_flags(bio, at_end);
  return finish_io(bio, moved, BIO_FLAGS_READ);
}

int bio_write(BIO* bio, const char* from, int size) {
  BIO_clear_retry_flags(bio);
  return finish_io(bio, ::send(native_of(bio), from, static_cast<std::size_t>(size), MSG_DONTWAIT | MSG_NOSIGNAL),
                   BIO_FLAGS_WRITE);
}

long bio_control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, at_end) != 0 ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* socket_method() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "posthorn socket");
    BIO_meth_set_read(made, bio_read);
    BIO_meth_set_write(made, bio_write);
    BIO_meth_set_ctrl(made, bio_control);
    return made;
  }();
  return method;
}

// SSL_CTX_sess_set_new_cb: the server has sent a ticket.
int keep_session(SSL* ssl, SSL_SESSION* session) {
  auto* const ticket = static_cast<tls_ticket*>(SSL_get_app_data(ssl));
  if (ticket == nullptr) return 0;
  ticket->keep(session);
  return 1;
}

// A key that asks for a passphrase is not readable, rather than a prompt on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

constexpr std::array<unsigned char, 9> alpn_http1 = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

}  // namespace

tls_client_context::tls_client_context()
    : context_(SSL_CTX_new(TLS_client_method())), trusts_system_(std::make_shared<std::once_flag>()) {
  SSL_CTX* const context = context_.get();
  if (context == nullptr) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  // Most servers drop idle connections without a goodbye. HTTP's own framing tells a cut answer from a whole one.
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_alpn_protos(context, alpn_http1.data(), static_cast<unsigned>(alpn_http1.size()));
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, keep_session);
}

base::result<std::shared_ptr<const tls_client_context>> tls_client_context::make(const tls_client_options& options) {
  std::shared_ptr<const tls_client_context> out(new tls_client_context);
  for (const std::string& file : options.ca_files) {
    if (SSL_CTX_load_verify_file(out->context_.get(), file.c_str()) == 1) continue;
    ERR_clear_error();
    return base::fail(base::fault::invalid_configuration,
                      "the CA file '" + file + "' cannot be read or holds no PEM certificate");
  }
  return out;
}

base::result<std::shared_ptr<const tls_client_context>> tls_client_context::with_certificate(
    const std::string& certificate_pem, const std::string& key_pem) const {
  std::shared_ptr<tls_client_context> made(new tls_client_context);
  SSL_CTX* const context = made->context_.get();
  SSL_CTX_set1_cert_store(context, SSL_CTX_get_cert_store(context_.get()));
  made->trusts_system_ = trusts_system_;
  const auto refuse = [](const char* what) {
    ERR_clear_error();
    return base::fail(base::fault::invalid_field, what);
  };
  const std::unique_ptr<BIO, decltype(&BIO_free)> chain(
      BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size())), &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> leaf(
      PEM_read_bio_X509(chain.get(), nullptr, no_passphrase, nullptr), &X509_free);
  if (!leaf || SSL_CTX_use_certificate(context, leaf.get()) != 1)
    return refuse("the client certificate cannot be used");
  while (X509* next = PEM_read_bio_X509(chain.get(), nullptr, no_passphrase, nullptr)) {
    if (SSL_CTX_add0_chain_cert(context, next) == 1) continue;
    X509_free(next);
    return refuse("the client certificate's chain cannot be used");
  }
  ERR_clear_error();  // of the chain's end
  const std::unique_ptr<BIO, decltype(&BIO_free)> key_text(
      BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size())), &BIO_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PrivateKey(key_text.get(), nullptr, no_passphrase, nullptr), &EVP_PKEY_free);
  if (!key || SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
    return refuse("the client certificate's key cannot be used");
  }
  return made;
}

SSL_CTX* tls_client_context::native() const {
  std::call_once(*trusts_system_, [this] { X509_STORE_set_default_paths(SSL_CTX_get_cert_store(context_.get())); });
  return context_.get();
}

void tls_ticket::keep(SSL_SESSION* session) noexcept {
  if (session_ != nullptr) SSL_SESSION_free(session_);
  session_ = session;
}

tls_stream::tls_stream(const tls_client_context& context, tcp_socket& socket, const std::string& host,
                       bool host_is_address, std::shared_ptr<tls_ticket> ticket)
    : ticket_(std::move(ticket)), ssl_(SSL_new(context.native())) {
  BIO* const bio = ssl_ ? BIO_new(socket_method()) : nullptr;
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, &socket);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_app_data(ssl_.get(), ticket_.get());
  bool named = true;
  if (host_is_address) {
    named = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host.c_str()) == 1;
  } else {
    SSL_set_hostflags(ssl_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    named = SSL_set1_host(ssl_.get(), host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl_.get(), host.c_str()) == 1;
  }
  if (!named) throw std::bad_alloc();  // without the name the certificate would not be checked against it
  if (ticket_ && ticket_->session() != nullptr) SSL_set_session(ssl_.get(), ticket_->session());
}

tls_step tls_stream::handshake() {
  ERR_clear_error();
  return outcome(SSL_connect(ssl_.get()), 0);
}

tls_step tls_stream::read(std::span<char> into) {
  ERR_clear_error();
  std::size_t bytes = 0;
  const int returned = SSL_read_ex(ssl_.get(), into.data(), into.size(), &bytes);
  return outcome(returned, bytes);
}

tls_step tls_stream::write(std::span<const char> from) {
  ERR_clear_error();
  std::size_t bytes = 0;
  const int returned = SSL_write_ex(ssl_.get(), from.data(), from.size(), &bytes);
  return outcome(returned, bytes);
}

void tls_stream::close_notify() noexcept {
  ERR_clear_error();
  if (SSL_is_init_finished(ssl_.get()) != 0 && failure_.empty()) SSL_shutdown(ssl_.get());
}

tls_step tls_stream::outcome(int returned, std::size_t bytes) {
  if (returned == 1) return {tls_status::done, bytes};
  const int system_error = errno;
  switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_WANT_READ: return {tls_status::want_read, 0};
    case SSL_ERROR_WANT_WRITE: return {tls_status::want_write, 0};
    case SSL_ERROR_ZERO_RETURN: return {tls_status::closed, 0};
    case SSL_ERROR_SYSCALL:
      if (BIO_eof(SSL_get_rbio(ssl_.get()))) return {tls_status::closed, 0};
      failure_ = std::strerror(system_error);
      return {tls_status::reset, 0};
    default: break;
  }
  if (const long verified = SSL_get_verify_result(ssl_.get()); verified != X509_V_OK) {
    failure_ = "certificate verify failed: ";
    failure_ += X509_verify_cert_error_string(verified);
  } else {
    const char* const reason = ERR_reason_error_string(ERR_peek_error());
    failure_ = reason != nullptr ? reason : "TLS protocol error";
  }
  return {tls_status::failed, 0};
}

}  // namespace posthorn::net
