// Companies, deployments, integrations and API keys (contract section 1). Plain values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "model/assessment_settings.hpp"
#include "model/endpoint.hpp"
#include "model/ids.hpp"

namespace posthorn::model {

enum class environment : std::uint8_t { test, production };
// signing: makes X-Signature and authenticates. retiring: the older key of a rotation, until expires_at (contract 2.3).
enum class key_state : std::uint8_t { signing, retiring };

struct company {
  company_id id = 0;
  std::string name;
  base::epoch_ms created_at = 0;
};

struct deployment {
  deployment_id id = 0;
  company_id company = 0;
  std::string name;
  preset default_preset = preset::assessment;
  base::epoch_ms created_at = 0;
};

struct api_key {
  std::int64_t id = 0;
  integration_no integration = 0;
  key_state state = key_state::signing;
  std::string text;  // secret: "ph_test_…" or "ph_prod_…"
  base::epoch_ms created_at = 0;
  base::epoch_ms expires_at = 0;  // 0: never

  bool operator==(const api_key&) const = default;
};

// A deployment in one environment: what keys, endpoints, settings and events belong to.
struct integration {
  integration_no number = 0;
  deployment_id deployment = 0;
  company_id company = 0;
  environment env = environment::test;
  std::string integration_id;  // 20 decimal digits
  std::int32_t retention_days = base::limits::retention_days_default;
  bool validate_events = true;  // hold events against the schema of their type, where it has one
  assessment_settings assessment;
};

[[nodiscard]] std::string_view to_string(environment value) noexcept;
[[nodiscard]] std::optional<environment> environment_from(std::string_view text) noexcept;
[[nodiscard]] std::string_view key_prefix(environment value) noexcept;  // "ph_test_", "ph_prod_"

}  // namespace posthorn::model
