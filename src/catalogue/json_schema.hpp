// JSON Schema, draft 7, for schemas that customers write and documents that producers send: neither may crash the
// server, hold up a thread or fill its memory.
//
// Refused when compiled, with the place named: what draft 7 forbids; `$ref` to anywhere but a place inside the schema;
// a nested `$id`; another draft in `$schema`, and keywords of later drafts; patterns that need backtracking (RE2's
// syntax is taken); a chain of schemas for one and the same value (`$ref`, allOf, if, …) that is endless, or longer
// than limits::schema_chain_max. `format`, content* and unknown keywords say nothing about validity.
#pragma once

#include <boost/json/value.hpp>
#include <memory>

#include "base/result.hpp"

namespace posthorn::catalogue {

struct compiled_schema;

// Immutable and cheap to copy; thread-safe.
class json_schema {
 public:
  // invalid_field, with pointers into the schema, at most limits::field_errors_max of them.
  [[nodiscard]] static base::result<json_schema> compile(const boost::json::value& schema);

  // invalid_field, missing_field or unknown_field, with a pointer into the document for every rule broken, at most
  // limits::field_errors_max. invalid_field also where it takes more than limits::schema_steps_max steps to find out.
  [[nodiscard]] base::result<void> check(const boost::json::value& document) const;

 private:
  explicit json_schema(std::shared_ptr<const compiled_schema> compiled) noexcept : compiled_(std::move(compiled)) {}

  std::shared_ptr<const compiled_schema> compiled_;
};

}  // namespace posthorn::catalogue
