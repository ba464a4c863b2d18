// The client's side of TLS: what is trusted, and one session over a non-blocking socket.
#pragma once

#include <openssl/ssl.h>

#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace posthorn::net {

struct tls_client_options {
  std::vector<std::string> ca_files;  // PEM, trusted beside the system's store
};

// Verification on, TLS 1.2 or newer. Immutable once made; thread-safe; shared by all clients of the process.
// A customer's client certificate takes a context of its own, so that no connection is shared between identities
// (http_client::open_route).
class tls_client_context {
 public:
  // invalid_configuration if the file cannot be read or holds no certificate.
  [[nodiscard]] static base::result<std::shared_ptr<const tls_client_context>> make(const tls_client_options& options);

  // The same trust, kept once in memory, with a certificate to show: PEM, the leaf first. invalid_field, naming what is
  // wrong.
  [[nodiscard]] base::result<std::shared_ptr<const tls_client_context>> with_certificate(
      const std::string& certificate_pem, const std::string& key_pem) const;

  // For a new session. The system's authorities are read at the first call: a megabyte, which a server that calls
  // nobody by TLS does not need.
  [[nodiscard]] SSL_CTX* native() const;

 private:
  struct deleter {
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
  };
  tls_client_context();  // trusts nobody yet

  std::unique_ptr<SSL_CTX, deleter> context_;
  std::shared_ptr<std::once_flag> trusts_system_;  // of the certificate store, which contexts share
};

// The last session that a server offered, so that the next connection to it needs no full handshake. Belongs to one
// host name and one context: a resumed session is not verified anew. Single-threaded.
class tls_ticket {
 public:
  tls_ticket() = default;
  tls_ticket(const tls_ticket&) = delete;
  tls_ticket& operator=(const tls_ticket&) = delete;
  ~tls_ticket() { keep(nullptr); }

  void keep(SSL_SESSION* session) noexcept;  // takes over one reference
  [[nodiscard]] SSL_SESSION* session() const noexcept { return session_; }

 private:
  SSL_SESSION* session_ = nullptr;
};

enum class tls_status : std::uint8_t {
  done,
  want_read,
  want_write,
  closed,  // by the peer, in order or not
  reset,   // the connection broke
  failed,  // TLS itself: handshake, certificate, alert
};

struct tls_step {
  tls_status status = tls_status::failed;
  std::size_t bytes = 0;  // done: read or written
};

// One session. Never blocks: every call says what to wait for, and is then repeated. Reading and writing may
// alternate at will. `socket` is borrowed and must be non-blocking; once it is closed every call fails.
class tls_stream {
 public:
  // `host` is the name or the numeric address that the certificate must be for. `ticket` must outlive the handshake
  // and every read.
  tls_stream(const tls_client_context& context, boost::asio::ip::tcp::socket& socket, const std::string& host,
             bool host_is_address, std::shared_ptr<tls_ticket> ticket);
  tls_stream(const tls_stream&) = delete;
  tls_stream& operator=(const tls_stream&) = delete;

  [[nodiscard]] tls_step handshake();
  [[nodiscard]] tls_step read(std::span<char> into);
  // Bytes not taken because of want_* must be offered again, the same ones and at least as many.
  [[nodiscard]] tls_step write(std::span<const char> from);
  // Whether something has been decrypted that nobody has read.
  [[nodiscard]] bool has_unread() const noexcept { return SSL_has_pending(ssl_.get()) == 1; }
  // Says goodbye without waiting for the answer.
  void close_notify() noexcept;

  // After reset and failed, for a person: "certificate verify failed: self-signed certificate".
  [[nodiscard]] const std::string& failure() const noexcept { return failure_; }

 private:
  struct deleter {
    void operator()(SSL* session) const noexcept { SSL_free(session); }
  };
  tls_step outcome(int returned, std::size_t bytes);

  std::shared_ptr<tls_ticket> ticket_;
  std::unique_ptr<SSL, deleter> ssl_;
  std::string failure_;
};

}  // namespace posthorn::net
