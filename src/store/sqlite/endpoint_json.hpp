// An endpoint as two JSON texts, what anyone may read and what is sealed:
//   settings =
//   {"url","description","preset","event_types":[…],"success","timeout_ms","auth":{"type",…},"headers":[name…],
//               "signatures":[scheme…],"retry":{"schedule_s":[…],"on"},"order","order_wait_max_s","in_flight_max"}
//   auth     = {"type":"none"} | {"type":"bearer_token"} | {"type":"basic_auth","username"} |
//   {"type":"api_key","header"} secrets  = {"auth":text,"headers":[value…],"signatures":[secret…]}     in the order of
//   the settings
// The rest of an endpoint (state, version, times) has columns of its own.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/endpoint.hpp"

namespace posthorn::store::sqlite {

[[nodiscard]] std::string settings_json(const model::endpoint& of);
[[nodiscard]] std::string secrets_json(const model::endpoint& of);

// Fill in what the texts hold. store_corrupt: not texts that the functions above made.
base::result<void> read_endpoint(model::endpoint& into, std::string_view settings, std::string_view secrets);

}  // namespace posthorn::store::sqlite
