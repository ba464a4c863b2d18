// Which company a call is about, where it is about no single integration.
#pragma once

#include <string>

#include "api/call.hpp"

namespace posthorn::api {

// A company by its printed id, that the caller may see. not_found at `pointer`.
[[nodiscard]] base::result<model::company_id> company_named(const call& from, const std::string& text,
                                                            std::string_view pointer = "/company_id");

// A member's own; the one that the machine admin names by ?company_id=, or the only one that there is. not_found: no
// such company, or another than the member's. missing_field: the admin names none of several.
[[nodiscard]] base::result<model::company_id> company_of(const call& from);

}  // namespace posthorn::api
