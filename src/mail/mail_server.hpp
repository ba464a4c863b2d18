// The SMTP server that takes our mails, spoken to by libcurl.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "mail/curl_library.hpp"
#include "mail/letter.hpp"

namespace posthorn::mail {

struct server_options {
  std::string url;           // smtp://HOST[:PORT], with STARTTLS, or smtps://HOST[:PORT]; "": there is none
  std::string user;          // "": no login
  std::string password;      // of the user
  std::string from;          // the sender's address
  std::string ca_file;       // PEM that the server's certificate is held against; "": the system's
  bool without_tls = false;  // development: smtp:// in the clear

  [[nodiscard]] bool is_set() const noexcept { return !url.empty(); }
};

// Thread-safe; one connection a mail.
class mail_server {
 public:
  mail_server(server_options options, const curl_library& curl, const base::clock& clock);

  // Blocks, limits::mail_timeout_ms at most. io_error: the server has not taken it; names no credential.
  [[nodiscard]] base::result<void> send(const letter& what) const;

 private:
  const server_options options_;
  const curl_library curl_;
  const base::clock& clock_;
};

}  // namespace posthorn::mail
