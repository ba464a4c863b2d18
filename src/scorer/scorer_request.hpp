// What an external scorer is sent (docs/scoring.md). Pure: the time comes in.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/url.hpp"
#include "store/directory.hpp"
#include "store/session_store.hpp"

namespace posthorn::scorer {

// The body. Fails where what the session was given cannot be read, as assessment::read_sheet and read_device_data.
[[nodiscard]] base::result<std::string> request_body(const model::integration& of, const store::session_record& about);

// The head that belongs to `body`, empty line included: signed with the integration's X-Signature key, and with the
// session's id as webhook-id, so that a scorer knows a request that comes again.
[[nodiscard]] base::result<std::string> request_head(const net::endpoint_url& to, std::string_view user_agent,
                                                     const store::integration_entry& of, model::session_id about,
                                                     std::string_view body, base::epoch_ms now_wall);

}  // namespace posthorn::scorer
