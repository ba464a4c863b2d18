// openapi.yaml as a running server serves it, for tests that walk the whole API: whoever adds a route is in them.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::test {

// Who may call, as an operation's `security` says.
enum class caller_class { anyone, admin, company, key_or_admin, member, journey };

struct operation {
  std::string method;  // upper case
  std::string path;    // "/v1/events/{id}"
  caller_class callers = caller_class::key_or_admin;
  bool admins_only = false;  // x-least-role: admin, a read that a viewer is refused
  std::string content_type;  // "": takes no body
  std::string example;       // of the body; "" where the description has none
  std::vector<std::string> query;
  std::map<std::string, std::string> path_examples;  // of parameters in the path that have one
  boost::json::object responses;                     // by status or "default", references resolved

  [[nodiscard]] bool takes(std::string_view query_parameter) const;
  // Its errors are {"detail"} objects instead of problems.
  [[nodiscard]] bool has_plain_errors() const;
  [[nodiscard]] std::string name() const { return method + " " + path; }
};

class api_description {
 public:
  // Throws std::runtime_error where the document is not of the form that the tests understand.
  explicit api_description(boost::json::value document);

  [[nodiscard]] const std::vector<operation>& operations() const noexcept { return operations_; }
  // `node`, or what its $ref points at.
  [[nodiscard]] const boost::json::object& resolve(const boost::json::value& node) const;
  [[nodiscard]] const boost::json::value& document() const noexcept { return document_; }

 private:
  [[nodiscard]] operation read(std::string_view method, std::string_view path, const boost::json::object& from) const;
  void read_body(operation& into, const boost::json::object& from) const;

  boost::json::value document_;
  std::vector<operation> operations_;
};

}  // namespace posthorn::test
