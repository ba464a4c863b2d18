// The people who use the console (contract 2.9): members, their invitations, their sessions, and links that work once.
// Plain values. `created_at` and the like are wall time; `expires_at` is engine time, as every deadline. Tokens are
// never kept, only their SHA-256 (32 raw bytes).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "model/ids.hpp"

namespace posthorn::model {

// viewer: sees all of its company's, changes nothing but itself.
enum class member_role : std::uint8_t { admin, viewer };

struct member {
  member_id id = 0;  // 0: not stored yet; never used twice
  company_id company = 0;
  std::string email{};  // no other member of the company has it, whatever its case
  std::string name{};
  member_role role = member_role::viewer;
  std::string password{};  // argon2id with its salt and cost, as libsodium writes it
  bool notices = true;     // mail on changes of an endpoint's state
  base::epoch_ms created_at = 0;
  base::epoch_ms last_login_at = 0;  // 0: never

  bool operator==(const member&) const = default;
};

struct invitation {
  invitation_id id = 0;  // 0: not stored yet; never used twice
  company_id company = 0;
  std::string email{};
  member_role role = member_role::viewer;
  member_id invited_by = 0;  // 0: the machine admin
  std::string token_digest{};
  base::epoch_ms created_at = 0;
  base::epoch_ms expires_at = 0;
  base::epoch_ms accepted_at = 0;  // 0: not
  bool mailed = false;             // the link of now was given to a mail server

  bool operator==(const invitation&) const = default;
};

struct console_session {
  std::string token_digest{};
  member_id member = 0;
  base::epoch_ms created_at = 0;
  base::epoch_ms expires_at = 0;

  bool operator==(const console_session&) const = default;
};

// A caller's address that the member has logged in from, which can be recognised and not read.
struct known_address {
  member_id member = 0;
  std::string digest{};  // 16 raw bytes, under a key of the store
  base::epoch_ms expires_at = 0;

  bool operator==(const known_address&) const = default;
};

// setup: makes the first admin; of no member. reset: sets a member's password.
enum class token_purpose : std::uint8_t { setup, reset };

struct one_time_token {
  std::string token_digest{};
  token_purpose purpose = token_purpose::setup;
  member_id member = 0;
  base::epoch_ms created_at = 0;
  base::epoch_ms expires_at = 0;

  bool operator==(const one_time_token&) const = default;
};

[[nodiscard]] std::string_view to_string(member_role value) noexcept;
[[nodiscard]] std::optional<member_role> member_role_from(std::string_view text) noexcept;
[[nodiscard]] std::string_view to_string(token_purpose value) noexcept;

// LOCAL@DOMAIN, at most limits::email_chars_max visible ASCII characters: a dot-atom of RFC 5322 before the "@", a host
// name behind it. Nothing that could end a header line or an address in a mail.
[[nodiscard]] bool is_email(std::string_view text) noexcept;

}  // namespace posthorn::model
