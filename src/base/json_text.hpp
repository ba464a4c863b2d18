// JSON as text: strings, and pointers to places.
#pragma once

#include <string>
#include <string_view>

namespace posthorn::base {

// Appends `text` to `out` as a JSON string with its quotes (RFC 8259 section 7). Invalid UTF-8 passes through
// unchanged.
void append_json_string(std::string& out, std::string_view text);

// The JSON Pointer (RFC 6901) of a member, given that of its parent.
[[nodiscard]] std::string pointer_to(std::string_view parent, std::string_view name);

}  // namespace posthorn::base
