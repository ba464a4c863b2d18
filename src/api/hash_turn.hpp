// Work that hashes a password: on the queue's thread, where accounts take turns, not on the blocking threads that all
// callers share.
#pragma once

#include <exception>
#include <utility>

#include "api/call.hpp"

namespace posthorn::api {

// What is counted of a try at `name` (an e-mail address, a member's id, or the token of a link) by this call.
[[nodiscard]] account::password_try password_try_of(const call& from, account::password_use use, std::string_view name,
                                                    std::string_view email = {});
[[nodiscard]] account::caller_address address_of(const call& from) noexcept;

// As off_thread; too_many_requests where the account, its address or the queue has enough that wait.
template <class Work>
boost::asio::awaitable<std::invoke_result_t<Work&>> in_hash_turn(call& from, account::password_try of, Work work) {
  reply<std::invoke_result_t<Work&>> back(from.mail);
  auto placed = from.with.hashes.put(of, job_of(from, back, work));
  if (!placed) back.send(std::unexpected(std::move(placed.error())));
  co_return co_await back.receive();
}

}  // namespace posthorn::api
