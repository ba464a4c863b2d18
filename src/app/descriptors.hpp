// File descriptors, which callers and receivers share: without an allotment, callers who only hold connections open
// would keep deliveries from going out.
#pragma once

#include <cstddef>

#include "base/result.hpp"

namespace posthorn::app {

// How many connections of callers one network thread may hold where the process may have `limit` descriptors: all that
// limits::server_connections_max allows, or an equal share of the half that is not kept for the way out; 0 where that
// would be too few to serve anybody.
[[nodiscard]] std::size_t caller_connections(std::size_t limit, std::size_t threads) noexcept;

// Raises the process's own limit as far as `threads` network threads may need and the system allows, and answers
// caller_connections. invalid_configuration where it allows too few.
[[nodiscard]] base::result<std::size_t> claim_descriptors(std::size_t threads);

}  // namespace posthorn::app
