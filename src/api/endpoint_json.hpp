// An endpoint as the API reads and writes it (contract section 3). Secrets, the values of custom headers among them,
// are written and never read back, except a signing secret that Posthorn itself made: that is shown once, in the answer
// to the call that made it.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "api/body_fields.hpp"
#include "base/result.hpp"
#include "model/endpoint.hpp"
#include "net/url.hpp"

namespace posthorn::api {

// `shown`: signing secrets to write in full.
[[nodiscard]] boost::json::object to_json(const model::endpoint& endpoint, std::string_view integration_id,
                                          const std::vector<std::string>& shown = {});

// What an endpoint made from each preset begins with: every setting but its address.
[[nodiscard]] boost::json::array presets_json();

// How it fares, beside its settings; `condition` may be newer than the endpoint's own.
[[nodiscard]] boost::json::object condition_json(model::endpoint_state state,
                                                 const model::endpoint_condition& condition, const base::clock& clock);

// Writes the settings that `body` names into `to`, which is a preset's or the endpoint as it stands; what the body does
// not name stays. Signing secrets that had to be made are appended to `made`. Fails with every rule broken; `to` is
// then half changed and must be dropped. Fields beside the settings ("preset", "integration_id") are the caller's: name
// them in `also_known`.
[[nodiscard]] base::result<void> apply_settings(model::endpoint& to, const boost::json::object& body,
                                                const net::url_rules& urls, std::vector<std::string>& made,
                                                std::initializer_list<std::string_view> also_known = {});

// Parts of apply_settings, for the fields that carry secrets (endpoint_auth.cpp, endpoint_signatures.cpp).
void apply_auth(model::endpoint& to, body_fields& fields, const net::url_rules& urls);
void apply_headers(model::endpoint& to, body_fields& fields);
void apply_signatures(model::endpoint& to, body_fields& fields, std::vector<std::string>& made);
// endpoint_certificate.cpp
void apply_certificate(model::endpoint& to, body_fields& fields);

// A new secret for one scheme of the endpoint, `body` being {"scheme"?, "overlap_s"?, "secret"?}; the one before signs
// as well until `now_wall` and the overlap have passed. The new one is appended to `made`. Fails as apply_settings.
[[nodiscard]] base::result<void> rotate_secret(model::endpoint& to, const boost::json::object& body,
                                               base::epoch_ms now_wall, std::vector<std::string>& made);

}  // namespace posthorn::api
