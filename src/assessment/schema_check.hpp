// One JSON Schema, ready to hold documents against; its findings in words for a person. Immutable after construction,
// so any thread may use it. The schema itself is our own: one that cannot be read throws at construction.
#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <string_view>

namespace posthorn::assessment {

class document_faults;

class schema_check {
 public:
  explicit schema_check(std::string_view schema);
  ~schema_check();
  schema_check(const schema_check&) = delete;
  schema_check& operator=(const schema_check&) = delete;

  // Adds what `document` breaks to `faults`.
  void run(const boost::json::value& document, document_faults& faults) const;

 private:
  struct compiled;
  const std::unique_ptr<const compiled> compiled_;
};

}  // namespace posthorn::assessment
