// Standard Webhooks signatures (github.com/standard-webhooks/standard-webhooks, spec v1.0):
//   signed content    = webhook-id "." webhook-timestamp "." body
//   webhook-signature = signature *( SP signature )
//   signature         = "v1,"  base64( HMAC-SHA-256(key, signed content) )
//                     / "v1a," base64( Ed25519(key, signed content) )
//   v1 key            = "whsec_" base64( 24 to 64 bytes )
//   v1a keys          = "whsk_" base64( 32-byte seed, 32-byte public key )   "whpk_" base64( 32-byte public key )
// base64 is RFC 4648 section 4 with padding, canonical. An id holds no full stop, so the content parses in one way
// only.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "signing/hmac_key.hpp"

namespace posthorn::signing {

inline constexpr std::string_view webhook_id_header = "webhook-id";
inline constexpr std::string_view webhook_timestamp_header = "webhook-timestamp";
inline constexpr std::string_view webhook_signature_header = "webhook-signature";

inline constexpr std::string_view v1_tag = "v1,";
inline constexpr std::string_view v1a_tag = "v1a,";
inline constexpr std::string_view v1_secret_prefix = "whsec_";
inline constexpr std::string_view v1a_secret_prefix = "whsk_";
inline constexpr std::string_view v1a_public_prefix = "whpk_";

// Views of what is sent; the timestamp is the header's own text: decimal seconds since the Unix epoch.
struct webhook_message {
  std::string_view id;
  std::string_view timestamp;
  std::string_view body;
};

// The parse functions fail with fault::invalid_field; the error's text never holds the secret.

// A v1 key. Not thread-safe, movable.
class v1_key {
 public:
  [[nodiscard]] static base::result<v1_key> parse(std::string_view secret);

  // Appends `v1,<base64>`.
  void append(std::string& out, const webhook_message& message);
  // `signature` is the base64 part. Constant time.
  [[nodiscard]] bool matches(std::string_view signature, const webhook_message& message);

 private:
  explicit v1_key(std::string_view key) : key_(key) {}

  hmac_key<hash::sha256> key_;
};

// The signing half of a v1a pair; wiped when it goes. Safe to share between threads while it is not moved.
class v1a_secret_key {
 public:
  // Refuses a pair whose public half does not belong to its seed.
  [[nodiscard]] static base::result<v1a_secret_key> parse(std::string_view secret);
  v1a_secret_key(v1a_secret_key&&) noexcept;
  v1a_secret_key& operator=(v1a_secret_key&&) noexcept;
  ~v1a_secret_key();

  // Appends `v1a,<base64>`. Signing takes about 18 us, and one copy of the message.
  void append(std::string& out, const webhook_message& message) const;
  // The receiver's half, `whpk_…`.
  [[nodiscard]] std::string public_key() const;

 private:
  v1a_secret_key() = default;

  std::array<unsigned char, 64> seed_and_public_{};
};

// The receiver's half of a v1a pair. Thread-safe.
class v1a_public_key {
 public:
  [[nodiscard]] static base::result<v1a_public_key> parse(std::string_view text);

  // `signature` is the base64 part.
  [[nodiscard]] bool matches(std::string_view signature, const webhook_message& message) const;

 private:
  v1a_public_key() = default;

  std::array<unsigned char, 32> key_{};
};

}  // namespace posthorn::signing
