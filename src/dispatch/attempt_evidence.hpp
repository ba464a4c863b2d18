// What an exchange came to, as the attempt that is kept and shown.
#pragma once

#include "model/delivery.hpp"
#include "net/exchange.hpp"

namespace posthorn::dispatch {

// request_headers is left empty. `at` is wall time.
[[nodiscard]] model::attempt to_attempt(net::exchange_result&& from, std::int32_t number, base::epoch_ms at);
// One that got no answer, or was never sent.
[[nodiscard]] model::attempt failed_attempt(model::error_class error, std::string detail, std::int32_t number,
                                            base::epoch_ms at);

}  // namespace posthorn::dispatch
