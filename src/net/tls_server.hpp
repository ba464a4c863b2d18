// The certificate that servers show, replaceable while they run.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.hpp"

namespace posthorn::net {

// Thread-safe: one of these serves the servers of all threads.
class tls_server {
 public:
  // PEM files: the certificate with its chain, and its key. invalid_configuration says which is unreadable, or that
  // they do not belong together. TLS 1.3 is spoken, and TLS 1.2 with ECDHE and an AEAD.
  [[nodiscard]] static base::result<std::shared_ptr<tls_server>> load(std::string certificate_path,
                                                                      std::string key_path);

  // Reads the files again. Connections made from now on use the new certificate; if it is not usable, an error is
  // returned and the old one stays.
  [[nodiscard]] base::result<void> reload();

  // The context for the next connection; existing ones keep theirs alive.
  [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> current() const;

 private:
  tls_server(std::string certificate_path, std::string key_path)
      : certificate_path_(std::move(certificate_path)), key_path_(std::move(key_path)) {}

  const std::string certificate_path_;
  const std::string key_path_;

  mutable std::mutex guard_;
  std::shared_ptr<boost::asio::ssl::context> current_;  // guarded by guard_
};

}  // namespace posthorn::net
