// Where exceptions end. Each thread's loop, and each unit of work in it, runs inside of a boundary: whatever it throws
// becomes an error value and a line of the log, and the process goes on.
#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"

namespace posthorn::base {

// An error on its way through functions that have no result to return it by. A boundary makes it a value again.
class thrown_error final : public std::runtime_error {
 public:
  explicit thrown_error(error why) : std::runtime_error(why.detail), why_(std::move(why)) {}
  [[nodiscard]] const error& why() const noexcept { return why_; }

 private:
  error why_;
};

// What an exception in flight is as an error: its own where it is a thrown_error, else `internal` with its text.
[[nodiscard]] error error_of(const std::exception_ptr& thrown) noexcept;

// Logs `unit_failed` with where it was and why; `request_id` is left out where it is empty. Throws nothing.
void log_contained(std::string_view where, std::string_view request_id, const error& why) noexcept;

// Runs `work`, which returns a result<T>. What it throws is logged, and returned as error_of has it.
template <class Work>
auto contain(std::string_view where, std::string_view request_id, Work&& work) noexcept -> decltype(work()) {
  try {
    return std::forward<Work>(work)();
  } catch (...) {
    error why = error_of(std::current_exception());
    log_contained(where, request_id, why);
    return std::unexpected(std::move(why));
  }
}

// Runs `work`, whose value nobody takes: a turn of a thread's loop. False: it threw, and that is logged.
template <class Work>
bool survive(std::string_view where, Work&& work) noexcept {
  try {
    std::forward<Work>(work)();
    return true;
  } catch (...) {
    log_contained(where, {}, error_of(std::current_exception()));
    return false;
  }
}

}  // namespace posthorn::base
