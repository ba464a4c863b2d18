// Everything that signs one endpoint's requests, prepared once and used for every attempt.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "signing/standard_webhooks.hpp"
#include "signing/x_signature.hpp"

namespace posthorn::signing {

enum class scheme : std::uint8_t { x_signature, standard_v1, standard_v1a };

struct scheme_secret {
  scheme kind = scheme::x_signature;
  std::string_view secret;  // whsec_… for standard_v1, whsk_… for standard_v1a, unused for x_signature
};

// Not thread-safe, movable: one per lane and config version.
class signer {
 public:
  // `api_key` is the key of x_signature; it may be empty where that scheme is absent. An empty list signs nothing.
  // fault::invalid_field names the setting that is malformed, by position.
  [[nodiscard]] static base::result<signer> make(std::span<const scheme_secret> settings, std::string_view api_key);

  // Appends whole header lines: `X-Signature: …\r\n`, then one `webhook-signature: …\r\n` with the Standard Webhooks
  // signatures in the order of the settings. webhook-id and webhook-timestamp are the caller's to write, as the same
  // text. Allocates only where `out` grows, except for standard_v1a.
  void append_headers(std::string& out, const webhook_message& message);

 private:
  signer() = default;

  std::optional<x_signature_key> x_signature_;
  std::vector<std::variant<v1_key, v1a_secret_key>> standard_;
};

}  // namespace posthorn::signing
