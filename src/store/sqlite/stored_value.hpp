// A stored value that no program of ours writes is damage of one row. It never becomes a plausible value: what reads it
// throws base::thrown_error, store_corrupt, whose text names the table and the row, and the boundary around the unit of
// work or the read answers with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/boundary.hpp"

namespace posthorn::store::sqlite {

// Which row, as an operator finds it: its table, and the number in the column that tells its rows apart.
struct row_name {
  std::string_view table;
  std::int64_t number = 0;
};

[[noreturn]] void refuse_stored(const row_name& row, std::string_view column, std::string_view value);
[[noreturn]] void refuse_stored(const row_name& row, std::string_view column, std::int64_t value);

// `found` is what the name's own look-up made of `text`.
template <class T>
T stored_name(std::optional<T> found, const row_name& row, std::string_view column, std::string_view text) {
  if (!found) refuse_stored(row, column, text);
  return *found;
}

// A number of an enum whose values are 0 … `last`.
template <class Enum>
Enum stored_number(std::int64_t value, Enum last, const row_name& row, std::string_view column) {
  if (value < 0 || value > static_cast<std::int64_t>(last)) refuse_stored(row, column, value);
  return static_cast<Enum>(value);
}

}  // namespace posthorn::store::sqlite
