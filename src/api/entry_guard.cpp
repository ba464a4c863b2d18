#include "api/entry_guard.hpp"

#include "api/console_call.hpp"

namespace posthorn::api {

std::unexpected<base::error> too_often(std::int64_t wait_ms) {
  return base::fail_later(base::fault::too_many_requests, "too many tries: come back after Retry-After",
                          static_cast<int>((wait_ms + 999) / 1000));
}

base::result<void> may_enter(const call& from) {
  if (auto own = check_origin(from.request, from.with.public_url); !own) return own;
  const std::int64_t wait = from.with.failures.wait_ms(from.request.remote);
  if (wait > 0) return too_often(wait);
  return {};
}

std::unexpected<base::error> failed_entry(const call& from, const base::error& why) {
  if (why.code != base::fault::link_over) return std::unexpected(why);
  const std::int64_t wait = from.with.failures.note(from.request.remote);
  if (wait > 0) return too_often(wait);
  return std::unexpected(why);
}

}  // namespace posthorn::api
