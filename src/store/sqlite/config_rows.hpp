// How the configuration's rows are read, and where its secrets are bound to.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "model/endpoint.hpp"
#include "model/tenancy.hpp"
#include "store/secret_box.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

[[nodiscard]] inline secret_place api_key_place(std::int64_t id) { return {"api_key", id, "sealed"}; }
[[nodiscard]] inline secret_place endpoint_place(model::endpoint_id id) { return {"endpoint", id, "sealed"}; }

// Each list of columns is what its reader expects, from column 0 on.
inline constexpr std::string_view deployment_columns = "id,company,name,preset,created_at";
[[nodiscard]] base::result<model::deployment> read_deployment(const statement& from);

inline constexpr std::string_view integration_columns =
    "number,deployment,company,environment,integration_id,retention_days,validate_events,assessment";
[[nodiscard]] base::result<model::integration> read_integration(const statement& from);

inline constexpr std::string_view api_key_columns = "id,integration,state,sealed,created_at,expires_at";
[[nodiscard]] base::result<model::api_key> read_api_key(const statement& from, const secret_box& secrets);

inline constexpr std::string_view endpoint_columns =
    "id,integration,settings,sealed,config_version,state,state_reason,not_before,created_at,"
    "state_version,failing_since,probe_at,probes_failed";
[[nodiscard]] base::result<model::endpoint> read_endpoint_row(const statement& from, const secret_box& secrets);

}  // namespace posthorn::store::sqlite
