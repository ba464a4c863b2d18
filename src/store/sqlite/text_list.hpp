// A list of texts in one column, as a JSON array.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace posthorn::store::sqlite {

[[nodiscard]] std::string list_text(const std::vector<std::string>& texts);
// `text` was written by list_text.
[[nodiscard]] std::vector<std::string> list_of(std::string_view text);

}  // namespace posthorn::store::sqlite
