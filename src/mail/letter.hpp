// What a mail says, and how it is written down: RFC 5322, multipart/alternative with plain text and simple HTML, both
// in base64, so that no line is too long and nothing in them is taken for the mail's own.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace posthorn::mail {

struct letter {
  std::string to;       // passes model::is_email
  std::string subject;  // any text; line ends in it become spaces
  std::string text;
  std::string html;
};

// `id`: what stands before "@" in the Message-ID. Ends in CRLF; begins no line with a dot.
[[nodiscard]] std::string written(const letter& what, std::string_view from, base::epoch_ms at, std::string_view id);

}  // namespace posthorn::mail
