// Whose password is hashed next. Accounts take turns, so that one which asks for many waits for itself; and callers
// from addresses that their account was entered from before have a line of their own, so that strangers who make up
// accounts do not fill the one that members stand in. Decides; hash_queue.hpp performs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <optional>
#include <unordered_map>

#include "account/login_guard.hpp"
#include "base/result.hpp"

namespace posthorn::account {

// Not thread-safe.
class hash_turns {
 public:
  using job = std::move_only_function<void()>;
  struct turn {
    password_try of;
    job work;
  };

  // too_many_requests: the account, the address or the line has as many as it may (login_limits).
  base::result<void> put(const password_try& of, job work);
  // The next one; it counts as waiting until done(). nullopt: nobody waits.
  [[nodiscard]] std::optional<turn> take();
  void done(const password_try& of);

 private:
  struct share {
    std::uint64_t account = 0;
    std::deque<turn> turns;
  };
  struct line {
    std::list<share> shares;  // the first one's is the next turn
    std::size_t waiting = 0;
  };

  [[nodiscard]] auto& counts_of(const password_try& of) noexcept {
    return of.is_known ? known_of_account_ : others_of_account_;
  }
  [[nodiscard]] line& line_of(const password_try& of) noexcept { return of.is_known ? known_ : others_; }

  line known_, others_;
  bool known_next_ = true;
  // Waiting, and in hand. Of an account, each line counts by itself: strangers who name it do not take its own places.
  std::unordered_map<std::uint64_t, std::size_t> known_of_account_, others_of_account_, of_address_;
};

}  // namespace posthorn::account
