// The tokens that a person's browser carries: JWTs (RFC 7519), HS256 and nothing else, made and checked by libjwt.
//   session: {"purpose":"session","uid":…,"company_id":…,"integration_id":…,"url":…,"sid":…,"exp":S}   (contract 2.5)
//   link:    {"purpose":"link","lid":…,"integration_id":…,"generation":N,"exp":S}                      (contract 2.8)
// A token says who it was made for, never what may be done: state, and whether a link was replaced, are asked of the
// store. One purpose's token is refused for the other.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "model/ids.hpp"
#include "model/session.hpp"

namespace posthorn::assessment {

struct session_claims {
  std::string uid;
  model::company_id company = 0;  // "company_id": its printed id
  std::string integration_id;     // compare it with the integration that is asked for
  std::string url;                // of the hosted page
  model::session_id session = 0;  // "sid": its printed id
  std::int64_t expires_at_s = 0;

  bool operator==(const session_claims&) const = default;
};

struct link_claims {
  base::id_value link = 0;  // "lid": its printed id
  std::string integration_id;
  std::int32_t generation = 0;  // grows with each regenerate; only the link's present one is good
  std::int64_t expires_at_s = 0;

  bool operator==(const link_claims&) const = default;
};

enum class token_fault : std::uint8_t {
  malformed,  // no token of this form at all
  altered,    // the signature is not ours: changed on the way, or made by someone else
  expired,
  wrong_purpose,  // a good token of the other kind
};
[[nodiscard]] std::string_view to_string(token_fault value) noexcept;

template <class Claims>
struct token_refusal {
  token_fault why = token_fault::malformed;
  std::optional<Claims> expired;  // what an expired token said, which is still ours: to show the right closing page
};

template <class Claims>
using checked = std::expected<Claims, token_refusal<Claims>>;

// The secret that signs; immutable, so any thread may use it. `secret` has at least limits::token_secret_bytes_min
// bytes. Texts in claims are UTF-8 without NUL. A failure to sign (no memory) throws.
class token_key {
 public:
  explicit token_key(std::string secret);
  ~token_key();
  token_key(const token_key&) = delete;
  token_key& operator=(const token_key&) = delete;

  [[nodiscard]] std::string sign(const session_claims& claims) const;
  [[nodiscard]] std::string sign(const link_claims& claims) const;
  // A token is expired at its exp already. `now` is engine time.
  [[nodiscard]] checked<session_claims> check_session(std::string_view token, base::epoch_ms now) const;
  [[nodiscard]] checked<link_claims> check_link(std::string_view token, base::epoch_ms now) const;

 private:
  std::string secret_;
};

// The first whole second that is not before the end of a session or link: its token never dies while it lives.
[[nodiscard]] std::int64_t expiry_s(base::epoch_ms ends_at) noexcept;

}  // namespace posthorn::assessment
