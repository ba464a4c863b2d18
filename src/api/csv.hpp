// One cell of a CSV line.
#pragma once

#include <string>
#include <string_view>

namespace posthorn::api {

// RFC 4180, always quoted, with the comma before it where the line has begun. A cell that a spreadsheet would take for
// a formula gets a leading apostrophe.
void add_cell(std::string& line, std::string_view text);

}  // namespace posthorn::api
