// A list of texts in one column, as a JSON array.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite/stored_value.hpp"

namespace posthorn::store::sqlite {

[[nodiscard]] std::string list_text(const std::vector<std::string>& texts);
// `text` was written by list_text; what was not is damage of that row and column.
[[nodiscard]] std::vector<std::string> list_of(std::string_view text, const row_name& row, std::string_view column);

}  // namespace posthorn::store::sqlite
