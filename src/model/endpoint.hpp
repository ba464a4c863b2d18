// An endpoint: an HTTPS URL of a customer with its delivery contract (contract section 3). A plain value.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "model/ids.hpp"

namespace posthorn::model {

enum class preset : std::uint8_t { assessment, learning, standard };
enum class endpoint_state : std::uint8_t { active, paused, degraded, disabled };
enum class success_rule : std::uint8_t { only_200, any_2xx };
enum class retry_on : std::uint8_t { any_failure, status };
enum class order_rule : std::uint8_t { none, per_uid };
enum class signature_scheme : std::uint8_t { x_signature, standard_v1, standard_v1a };
// What an endpoint is for: the integration's events, or Posthorn's own news about its endpoints and deliveries
// (`endpoint.disabled`, `delivery.failed`, …). Never both, so that receivers are not sent what they do not know.
enum class endpoint_kind : std::uint8_t { events, operational };

// Authentication beside the signature; the strings are secrets except usernames and header names.
struct auth_none {
  bool operator==(const auth_none&) const = default;
};
struct auth_bearer {
  std::string token;
  bool operator==(const auth_bearer&) const = default;
};
struct auth_basic {
  std::string username;
  std::string password;
  bool operator==(const auth_basic&) const = default;
};
struct auth_api_key {
  std::string header;
  std::string value;
  bool operator==(const auth_api_key&) const = default;
};
// Client credentials (RFC 6749 section 4.4): the token is fetched, cached and sent as a bearer token.
struct auth_oauth2 {
  std::string token_url;
  std::string client_id;
  std::string client_secret;
  std::string scope;  // empty: none asked for
  bool operator==(const auth_oauth2&) const = default;
};
using authentication = std::variant<auth_none, auth_bearer, auth_basic, auth_api_key, auth_oauth2>;

// mTLS: what Posthorn shows to the receiver. PEM; the key is a secret.
struct client_certificate {
  std::string certificate_pem;  // the leaf first, then its chain
  std::string key_pem;
  bool operator==(const client_certificate&) const = default;
};

struct signature_setting {
  signature_scheme scheme = signature_scheme::x_signature;
  // standard_v1: "whsec_…", standard_v1a: "whsk_…"; empty for x_signature, whose key is the integration's API key.
  std::string secret = {};
  // The secret before a rotation: both sign until `previous_until` (wall time), so receivers may change over meanwhile.
  std::string previous_secret = {};
  base::epoch_ms previous_until = 0;
  bool operator==(const signature_setting&) const = default;
};

struct rate_limit {
  std::int32_t per_second = 0;
  std::int32_t burst = 0;  // requests that may go out at once after a pause
  bool operator==(const rate_limit&) const = default;
};

// When the breaker opens, and when an endpoint that only fails is given up (contract section 3: degraded, disabled).
struct health_setting {
  std::int32_t failures_min = base::limits::breaker_failures_default;  // in the window, of several deliveries
  std::int32_t failure_percent_min = base::limits::breaker_failure_percent_default;  // of the window's attempts
  std::int32_t window_s = base::limits::breaker_window_s_default;
  std::int32_t disable_after_s = base::limits::disable_after_s_default;  // of nothing but failure; 0: never
  bool operator==(const health_setting&) const = default;
};

struct retry_setting {
  // Seconds before each try, counted from the one before; the first is the wait before the first try.
  std::vector<std::int32_t> schedule_s = {0, 5, 30, 120, 600, 1800, 7200, 18000, 36000, 86400};
  retry_on on = retry_on::any_failure;
  bool operator==(const retry_setting&) const = default;
};

// How an endpoint fares, kept by the store beside its state. Times are engine time.
struct endpoint_condition {
  std::int32_t state_version = 0;    // grows with every change of state: what was concluded under another one is void
  base::epoch_ms failing_since = 0;  // the first failure after the last success; 0: it does not fail
  base::epoch_ms probe_at = 0;       // while degraded: no probe before
  std::int32_t probes_failed = 0;    // since the breaker opened
  bool operator==(const endpoint_condition&) const = default;
};

// What an attempt means for its endpoint's state.
enum class health_change : std::uint8_t {
  none,
  open,       // active → degraded
  stay_open,  // a probe failed: the next one later
  close,      // a probe succeeded: degraded → active
  disable,    // nothing but failure for too long
};

struct endpoint {
  endpoint_id id = 0;
  integration_no integration = 0;
  std::string url;
  std::string description;
  preset made_from = preset::assessment;
  endpoint_kind kind = endpoint_kind::events;    // fixed at creation
  std::vector<std::string> event_types = {"*"};  // exact names, "*" or "prefix.*"
  std::string filter;                            // policy/payload_filter.hpp's JSON; empty: every payload
  success_rule success = success_rule::only_200;
  std::int32_t timeout_ms = base::limits::endpoint_timeout_ms_default;  // whole exchange
  authentication auth;
  std::optional<client_certificate> certificate;
  std::vector<std::pair<std::string, std::string>> headers;  // custom headers, in the order given
  std::vector<signature_setting> signatures;
  retry_setting retry;
  order_rule order = order_rule::none;
  std::int32_t order_wait_max_s = base::limits::order_wait_s_default;  // 0: as long as it takes
  std::int32_t in_flight_max = base::limits::in_flight_default;
  std::optional<rate_limit> rate;
  health_setting health;

  endpoint_state state = endpoint_state::active;
  std::string state_reason;
  endpoint_condition condition;
  base::epoch_ms not_before = 0;    // engine time; the whole lane rests until then (Retry-After)
  base::epoch_ms created_at = 0;    // wall time
  std::int32_t config_version = 1;  // grows with every change of the settings above

  bool operator==(const endpoint&) const = default;
};

// The settings of a preset, with an empty URL (contract section 3's columns; `standard`: Standard Webhooks, any 2xx).
[[nodiscard]] endpoint endpoint_from_preset(preset from);

[[nodiscard]] std::string_view to_string(preset value) noexcept;
[[nodiscard]] std::string_view to_string(endpoint_state value) noexcept;
[[nodiscard]] std::string_view to_string(success_rule value) noexcept;
[[nodiscard]] std::string_view to_string(retry_on value) noexcept;
[[nodiscard]] std::string_view to_string(order_rule value) noexcept;
[[nodiscard]] std::string_view to_string(signature_scheme value) noexcept;
[[nodiscard]] std::string_view to_string(endpoint_kind value) noexcept;
[[nodiscard]] std::optional<preset> preset_from(std::string_view text) noexcept;
[[nodiscard]] std::optional<endpoint_state> endpoint_state_from(std::string_view text) noexcept;
[[nodiscard]] std::optional<success_rule> success_rule_from(std::string_view text) noexcept;
[[nodiscard]] std::optional<retry_on> retry_on_from(std::string_view text) noexcept;
[[nodiscard]] std::optional<order_rule> order_rule_from(std::string_view text) noexcept;
[[nodiscard]] std::optional<signature_scheme> signature_scheme_from(std::string_view text) noexcept;
[[nodiscard]] std::optional<endpoint_kind> endpoint_kind_from(std::string_view text) noexcept;

}  // namespace posthorn::model
