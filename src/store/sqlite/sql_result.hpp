// Statements whose failure is an error value at once, for work outside the hot path.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

// True: a row to read. False: no more; the statement is reset then, and on a failure.
[[nodiscard]] base::result<bool> next_row(const connection& on, statement& what, std::string_view doing);
// For statements without rows.
[[nodiscard]] base::result<void> run(const connection& on, statement& what, std::string_view doing);

// A copy of `made`, once the statement that writes it has run; not moved, as the statement may be bound to its text.
template <class T>
[[nodiscard]] base::result<T> run_for(const T& made, const connection& on, statement& what, std::string_view doing) {
  if (auto done = run(on, what, doing); !done) return std::unexpected(std::move(done.error()));
  return made;
}

}  // namespace posthorn::store::sqlite
