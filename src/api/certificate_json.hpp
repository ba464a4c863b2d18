// Rules and certificates as the API shows and reads them, and certificates as CSV.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/body_fields.hpp"
#include "certificate/certificate_service.hpp"

namespace posthorn::api {

[[nodiscard]] boost::json::object to_json(const model::certificate_rule& rule);
[[nodiscard]] boost::json::object to_json(const model::certificate& one);

// RFC 4180, with a header line. Cells that a spreadsheet would take for a formula get a leading apostrophe.
[[nodiscard]] std::string to_csv(std::span<const model::certificate> rows);

// Reads name, description, owner_id, validity_days and lessons; errors go into `fields`.
[[nodiscard]] certificate::rule_settings read_rule_settings(body_fields& fields);
// A 24-hex id, or an array of 1 to `max` different ones; nullopt where the field is absent or wrong.
[[nodiscard]] std::optional<std::string> object_id(body_fields& fields, std::string_view name);
[[nodiscard]] std::optional<std::vector<std::string>> object_ids(body_fields& fields, std::string_view name,
                                                                 std::size_t max);

}  // namespace posthorn::api
