// Mail to people, as the API's handlers need it; made by app where a mail server is configured.
#pragma once

#include <string>

#include "base/result.hpp"
#include "model/member.hpp"

namespace posthorn::api {

// Thread-safe.
class people_mailer {
 public:
  virtual ~people_mailer() = default;
  // Returns when the mail server has taken it, or has not: io_error, within limits::mail_timeout_ms. Blocks.
  virtual base::result<void> send_invitation(const model::invitation& to, const std::string& company,
                                             const std::string& link) = 0;
  // Goes out later. Does not block; dropped, with a line in the log, where too many wait.
  virtual void send_reset(const model::member& to, const std::string& company, const std::string& link) = 0;
};

}  // namespace posthorn::api
