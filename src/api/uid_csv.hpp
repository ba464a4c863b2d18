// A customer's own uids as CSV.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace posthorn::api {

// RFC 4180, UTF-8, with or without a byte-order mark. If the first line has a cell `uid`, that column is read and the
// others are not looked at; otherwise there is no header, and a line is one uid. Empty lines count for nothing. A
// leading apostrophe, which exports put before what a spreadsheet would take for a formula, is taken off. The uids in
// their order, all of them different: at least one, at most limits::links_per_batch_max. invalid_field: names each bad
// line by its number, from 1, and rule.
[[nodiscard]] base::result<std::vector<std::string>> read_uid_csv(std::string_view text);

}  // namespace posthorn::api
