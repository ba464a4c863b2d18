// Holds answers against openapi.yaml: every field of an answer is documented, with its type, and it is told which
// documented fields no answer has had. A JSON Schema reader for what openapi.yaml uses of JSON Schema, stricter in one
// thing: where properties are listed, no others may be.
#pragma once

#include <boost/json/value.hpp>
#include <set>
#include <string>
#include <vector>

#include "support/api_description.hpp"
#include "support/http_call.hpp"

namespace posthorn::test {

class answer_check {
 public:
  explicit answer_check(const api_description& by) : by_(by) {}

  // What is wrong with `given` as an answer to `what`; empty where nothing is.
  [[nodiscard]] std::vector<std::string> look_at(const operation& what, const http_answer& given);
  // Fields that some answer of the description has and no answer looked at had: "schema.field.field".
  [[nodiscard]] std::set<std::string> unseen() const;

 private:
  struct property {
    const boost::json::value* schema;
    std::string place;
  };
  // A schema with its references and allOf put together.
  struct flat_schema;

  void flatten(const boost::json::value& schema, const std::string& place, flat_schema& into) const;
  void check(const boost::json::value& value, const boost::json::value& schema, const std::string& place,
             const std::string& where);
  void check_object(const boost::json::object& value, const flat_schema& by, const std::string& where);
  void check_one_of(const boost::json::value& value, const boost::json::array& choices, const std::string& place,
                    const std::string& where);
  void list_properties(const boost::json::value& schema, const std::string& place, std::set<std::string>& into,
                       std::set<std::string>& visited) const;

  const api_description& by_;
  std::set<std::string> seen_;
  std::vector<std::string> problems_;
};

}  // namespace posthorn::test
