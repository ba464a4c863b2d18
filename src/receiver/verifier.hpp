// Decides whether a webhook came from a sender that knows one of our keys. Call it before anything else, with the body
// exactly as it arrived: parsing and printing it again changes bytes, and then no signature matches.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "signing/standard_webhooks.hpp"
#include "signing/x_signature.hpp"

namespace posthorn::receiver {

enum class refusal : std::uint8_t {
  missing_signature,
  malformed,
  no_key_matches,
  timestamp_too_old,
  timestamp_too_new
};

// One sentence for the log. Answer the sender alike for all of them: 403 {"detail":"Validation Failure"}.
[[nodiscard]] std::string_view text_of(refusal reason) noexcept;

// The request's headers of these names, as views; nullopt where the request has none.
struct signature_headers {
  std::optional<std::string_view> x_signature = {};        // X-Signature
  std::optional<std::string_view> webhook_signature = {};  // webhook-signature; the next two belong to it
  std::optional<std::string_view> webhook_id = {};
  std::optional<std::string_view> webhook_timestamp = {};
};

// Holds every key that is valid now; during a rotation that is the old one and the new one. Not thread-safe (the keys'
// states are scratch space), movable: one per thread. To change keys, build another and replace this one.
class verifier {
 public:
  explicit verifier(int timestamp_tolerance_s = base::limits::timestamp_tolerance_s_default)
      : timestamp_tolerance_s_(timestamp_tolerance_s) {}

  // Adds a key by its spelling: `whsec_…` verifies Standard Webhooks v1, `whpk_…` v1a, any other text is an API key and
  // verifies X-Signature. Fails with fault::invalid_field for an empty, malformed or private (`whsk_…`) key, and the
  // error's text never holds the key.
  [[nodiscard]] base::result<void> add_key(std::string_view key);

  // Of the schemes that this verifier has keys for, at least one must have signed, and each one present must match one
  // of its keys. X-Signature covers the body alone, so it never grows old; hold only Standard Webhooks keys where a
  // captured request must not be replayed. `now_s`: seconds since the Unix epoch, for webhook-timestamp alone.
  [[nodiscard]] std::expected<void, refusal> verify(const signature_headers& headers, std::string_view body,
                                                    std::int64_t now_s);

 private:
  [[nodiscard]] std::expected<void, refusal> verify_x_signature(std::string_view signature, std::string_view body);
  [[nodiscard]] std::expected<void, refusal> verify_standard(const signature_headers& headers, std::string_view body,
                                                             std::int64_t now_s);
  [[nodiscard]] bool any_key_matches(std::string_view tagged_signature, const signing::webhook_message& message);

  int timestamp_tolerance_s_;
  std::vector<signing::x_signature_key> api_keys_;
  std::vector<signing::v1_key> v1_keys_;
  std::vector<signing::v1a_public_key> v1a_keys_;
};

}  // namespace posthorn::receiver
