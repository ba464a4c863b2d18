// Questionnaires and scorecards as JSON documents: read, held against the schema of their kind (src/assessment/data),
// and every fault named by its JSON Pointer. What a schema cannot say (references, order) their own readers check.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/score.hpp"

namespace posthorn::assessment {

enum class document_kind : std::uint8_t { questionnaire, scorecard, device_scorecard };

// The JSON Schema (draft 7) of the kind, as published.
[[nodiscard]] std::string_view schema_text(document_kind kind) noexcept;

// Any JSON text; malformed_json names the byte.
[[nodiscard]] base::result<boost::json::value> read_json(std::string_view text);

// malformed_json; payload_too_large beyond limits::assessment_document_bytes_max; else invalid_field, missing_field or
// unknown_field with up to limits::field_errors_max places. Thread: any.
[[nodiscard]] base::result<boost::json::object> read_document(document_kind kind, std::string_view text);

// Faults of one document; the first gives the code.
class document_faults {
 public:
  void add(std::string pointer, std::string detail, base::fault code = base::fault::invalid_field);
  [[nodiscard]] const std::optional<base::error>& found() const noexcept { return found_; }

  // Keys are 1 to 64 letters, digits, '_', '.' and '-', beginning with a letter or digit.
  void check_key(std::string_view key, const std::string& pointer);

 private:
  std::optional<base::error> found_;
};

// A member of a document that has passed its schema, as a view into it.
[[nodiscard]] std::string_view text_of(const boost::json::object& object, std::string_view name);  // "" where absent
[[nodiscard]] std::int32_t number_of(const boost::json::object& object, std::string_view name);    // 0 where absent
[[nodiscard]] bool flag_of(const boost::json::object& object, std::string_view name, bool otherwise);

}  // namespace posthorn::assessment
