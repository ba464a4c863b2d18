// Which payloads an endpoint wants: a predicate over JSON Pointers (RFC 6901), beside its event types. Pure.
//
//   filter    = {"all": [filter, …]}    every one holds
//             / {"any": [filter, …]}    at least one holds
//             / {"not": filter}
//             / {"pointer": P, OPERATOR: operand, …}    every operator holds of the value at P
//   OPERATOR  = "equals": any JSON value; "in": [any JSON value, …]; "exists": true or false;
//               "lt", "le", "gt", "ge": a number or a string
//
// Numbers are equal by value (1, 1.0 and 1e0), objects whatever the order of their members; nothing else is converted:
// "1" is not 1. lt, le, gt and ge order numbers by value and strings by their UTF-8 bytes, and hold for no other pair.
// Where there is nothing at P, only {"exists": false} holds; null is something. A member given twice counts as its
// last.
#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <string_view>

#include "base/result.hpp"

namespace posthorn::policy {

// Immutable and cheap to copy; thread-safe.
class payload_filter {
 public:
  // invalid_field, naming the place by its pointer into the filter ("" is all of it): not JSON, not of the grammar
  // above, or beyond limits::filter_bytes_max, filter_nodes_max (filters in it, itself included) or filter_depth_max.
  [[nodiscard]] static base::result<payload_filter> parse(std::string_view json);

  [[nodiscard]] bool passes(const boost::json::value& payload) const;

  struct node;  // the compiled form

 private:
  explicit payload_filter(std::shared_ptr<const node> root) noexcept : root_(std::move(root)) {}

  std::shared_ptr<const node> root_;
};

}  // namespace posthorn::policy
