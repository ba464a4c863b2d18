// What stands before every way into the console that needs no session: calls of other sites' pages are refused, and who
// fails often at an address waits (failure_guard.hpp).
#pragma once

#include "api/call.hpp"

namespace posthorn::api {

[[nodiscard]] base::result<void> may_enter(const call& from);
// A token that was tried in vain counts as a failure of the address. Gives the error to answer with.
[[nodiscard]] std::unexpected<base::error> failed_entry(const call& from, const base::error& why);
[[nodiscard]] std::unexpected<base::error> too_often(std::int64_t wait_ms);

}  // namespace posthorn::api
