// What an exchange came to, as the attempt that is kept and shown.
#pragma once

#include <string>
#include <string_view>

#include "dispatch/prepared_endpoint.hpp"
#include "model/delivery.hpp"
#include "net/exchange.hpp"

namespace posthorn::dispatch {

// request_headers is left empty. `at` is wall time.
[[nodiscard]] model::attempt to_attempt(net::exchange_result&& from, std::int32_t number, base::epoch_ms at);
// The request's head as evidence keeps it: secrets as "***". `authorization` is what was fetched for this attempt, ""
// for none; `fields` are the attempt's own.
[[nodiscard]] std::string sent_head(const prepared_endpoint& by, std::string_view authorization,
                                    std::string_view fields);
// One that got no answer, or was never sent.
[[nodiscard]] model::attempt failed_attempt(model::error_class error, std::string detail, std::int32_t number,
                                            base::epoch_ms at);

}  // namespace posthorn::dispatch
