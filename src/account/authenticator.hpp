// Who is calling: an integration by its API key, the machine admin by its token, or nobody. A member is told by the
// console's cookie (live_sessions.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "account/live_sessions.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/directory.hpp"

namespace posthorn::account {

// The two request headers that carry credentials, "" where absent.
struct credentials {
  std::string_view api_key = {};        // api-key: KEY
  std::string_view authorization = {};  // Authorization: Bearer KEY, or Bearer ADMIN-TOKEN
};

enum class caller_kind : std::uint8_t { nobody, integration, admin, member };

struct caller {
  caller_kind kind = caller_kind::nobody;
  store::shared_integration integration = {};  // of the key; null for the others
  std::int64_t key = 0;                        // its id
  console_caller member = {};                  // of a member
};

// One a thread, used there only: keeps the last key seen, because most connections repeat theirs. `directory` and
// `clock` outlive it.
class authenticator {
 public:
  authenticator(const store::directory_source& directory, const base::clock& clock) noexcept
      : directory_(directory), clock_(clock) {}

  // An integration by its API key; nobody if both headers are absent. unauthenticated: a key that is not known, or a
  // retiring key whose overlap has ended; api-key counts before Authorization. Keys are found by digest and compared in
  // constant time. The admin's token is not looked at: it is an unknown key.
  [[nodiscard]] base::result<caller> identify(const credentials& given);
  // Whether Authorization carries the machine admin's token; compared in constant time. The first time that a token
  // shorter than admin_token_chars_min is used, the log warns of it.
  [[nodiscard]] bool is_admin(const credentials& given) const;

 private:
  [[nodiscard]] base::result<caller> by_key(std::string_view key, const store::directory& now);

  const store::directory_source& directory_;
  const base::clock& clock_;

  std::string last_key_;
  std::uint64_t last_version_ = 0;
  store::shared_integration last_;
  std::int64_t last_key_id_ = 0;
  base::epoch_ms last_expires_at_ = 0;  // 0: never
};

// What follows "Bearer" in an Authorization header, "" where that is of another scheme. RFC 9110 section 11.4: the
// scheme's name ignores case, and one or more spaces follow it.
[[nodiscard]] std::string_view bearer_token(std::string_view authorization) noexcept;

// SHA-256, raw bytes: how keys and tokens are looked up and, the admin's, stored.
[[nodiscard]] std::string digest_of(std::string_view secret);

}  // namespace posthorn::account
