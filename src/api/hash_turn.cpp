#include "api/hash_turn.hpp"

namespace posthorn::api {

account::caller_address address_of(const call& from) noexcept { return {subscriber_of(from.request.remote)}; }

account::password_try password_try_of(const call& from, account::password_use use, std::string_view name,
                                      std::string_view email) {
  const account::caller_address address = address_of(from);
  return {.account = account::account_key(use, name),
          .address = address.subscriber,
          .is_known = !email.empty() && from.with.people.knows(email, address)};
}

}  // namespace posthorn::api
