// System B's nouns (contract section 4): rules, which are badges with a validity, and the certificates that they award.
// Plain values. Ids are 24 hex characters, as on the wire.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "model/ids.hpp"

namespace posthorn::model {

// expired: by the scheduler, once `expires_at` has passed. revoked: by a person, for good.
enum class certificate_state : std::uint8_t { valid, expired, revoked };

struct certificate_rule {
  std::string id;
  integration_no integration = 0;
  std::string name;
  std::string description;
  std::string owner;               // who awards where nobody else is named
  std::int32_t validity_days = 0;  // 0: for ever
  std::vector<std::string> lessons;
  base::epoch_ms created_at = 0;  // wall time, as all times here
  base::epoch_ms updated_at = 0;

  bool operator==(const certificate_rule&) const = default;
};

// What the rule said when it awarded or renewed: a later change of the rule does not change what was certified.
struct certificate {
  std::int64_t number = 0;  // the store's; a later certificate's is greater; 0: not stored yet
  std::string id;
  integration_no integration = 0;
  std::string rule;
  std::string user;
  std::string owner;
  std::string name;
  std::string description;
  std::int32_t validity_days = 0;
  std::vector<std::string> lessons;
  certificate_state state = certificate_state::valid;
  base::epoch_ms awarded_at = 0;
  base::epoch_ms certified_at = 0;  // awarded or last renewed
  base::epoch_ms expires_at = 0;    // 0: never
  base::epoch_ms updated_at = 0;
  std::int32_t revision = 0;  // grows with every renewal and revocation

  bool operator==(const certificate&) const = default;
};

// 24 lowercase hex characters.
[[nodiscard]] bool is_object_id(std::string_view text) noexcept;
// A new one: the time in seconds, then 8 random bytes, so that ids sort by time.
[[nodiscard]] std::string new_object_id(base::epoch_ms now);

[[nodiscard]] std::string_view to_string(certificate_state value) noexcept;
[[nodiscard]] std::optional<certificate_state> certificate_state_from(std::string_view text) noexcept;

}  // namespace posthorn::model
