// Appends `text` to `out` as a JSON string with its quotes (RFC 8259 section 7). Invalid UTF-8 passes through
// unchanged.
#pragma once

#include <string>
#include <string_view>

namespace posthorn::base {

void append_json_string(std::string& out, std::string_view text);

}  // namespace posthorn::base
