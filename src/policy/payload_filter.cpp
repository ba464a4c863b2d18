#include "policy/payload_filter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/json_text.hpp"
#include "base/limits.hpp"
#include "policy/json_values.hpp"

namespace posthorn::policy {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;

namespace {

enum class test_kind : std::uint8_t { equals, in, exists, lt, le, gt, ge };
constexpr std::array<std::string_view, 7> test_names = {"equals", "in", "exists", "lt", "le", "gt", "ge"};

enum class node_kind : std::uint8_t { all, any, negation, condition };

struct value_test {
  test_kind kind = test_kind::exists;
  json::value operand;
};

}  // namespace

struct payload_filter::node {
  node_kind kind = node_kind::condition;
  std::vector<node> parts;        // of all, any and negation
  std::vector<std::string> path;  // of a condition: the pointer's parts, unescaped
  std::vector<value_test> tests;
};

namespace {

using node = payload_filter::node;

std::partial_ordering order_of(const json::value& a, const json::value& b) {
  if (a.is_number() && b.is_number()) return number_of(a) <=> number_of(b);
  if (a.is_string() && b.is_string()) return std::string_view(a.get_string()) <=> std::string_view(b.get_string());
  return std::partial_ordering::unordered;
}

bool holds(const value_test& test, const json::value* value) {
  if (test.kind == test_kind::exists) return test.operand.get_bool() == (value != nullptr);
  if (value == nullptr) return false;
  switch (test.kind) {
    case test_kind::equals: return same(*value, test.operand);
    case test_kind::in:
      return std::ranges::any_of(test.operand.get_array(),
                                 [value](const json::value& one) { return same(*value, one); });
    case test_kind::lt: return order_of(*value, test.operand) < 0;
    case test_kind::le: return order_of(*value, test.operand) <= 0;
    case test_kind::gt: return order_of(*value, test.operand) > 0;
    case test_kind::ge: return order_of(*value, test.operand) >= 0;
    case test_kind::exists: break;
  }
  return false;
}

bool holds(const node& of, const json::value& payload) {
  const auto part_holds = [&payload](const node& part) { return holds(part, payload); };
  switch (of.kind) {
    case node_kind::all: return std::ranges::all_of(of.parts, part_holds);
    case node_kind::any: return std::ranges::any_of(of.parts, part_holds);
    case node_kind::negation: return !holds(of.parts.front(), payload);
    case node_kind::condition: break;
  }
  const json::value* value = value_at(payload, of.path);
  return std::ranges::all_of(of.tests, [value](const value_test& test) { return holds(test, value); });
}

class compiling {
 public:
  base::result<node> filter(const json::value& from, const std::string& at, std::size_t depth) {
    if (depth > limits::filter_depth_max) {
      return refuse(at, fmt::format("is nested more than {} deep", limits::filter_depth_max));
    }
    if (++nodes_ > limits::filter_nodes_max) {
      return refuse(at, fmt::format("is one filter too many: at most {} in all", limits::filter_nodes_max));
    }
    const json::object* object = from.if_object();
    if (object == nullptr) return refuse(at, "must be an object with all, any, not or pointer");
    if (object->contains("pointer")) return condition(*object, at);
    if (object->size() != 1) {
      return refuse(at, object->empty() ? "must have all, any, not or pointer"
                                        : "must have one member, all, any or not, or a pointer and its operators");
    }
    const auto& [name, value] = *object->begin();
    if (name == "all") return list(node_kind::all, value, at + "/all", depth);
    if (name == "any") return list(node_kind::any, value, at + "/any", depth);
    if (name != "not") return unknown(at, name);
    return part_of(node_kind::negation, value, at + "/not", depth);
  }

 private:
  static std::unexpected<base::error> refuse(const std::string& at, std::string detail) {
    return base::fail_at(fault::invalid_field, at, std::move(detail));
  }

  // The name is the caller's own text: of any length, and to be escaped in a pointer.
  static std::unexpected<base::error> unknown(std::string at, std::string_view name) {
    at = base::pointer_to(at, name.substr(0, limits::name_chars_max));
    return refuse(at, "is not known here: a filter has all, any or not, or a pointer with " +
                          fmt::format("{}", fmt::join(test_names, ", ")));
  }

  base::result<node> part_of(node_kind kind, const json::value& from, const std::string& at, std::size_t depth) {
    auto part = filter(from, at, depth + 1);
    if (!part) return part;
    node made{.kind = kind, .parts = {}, .path = {}, .tests = {}};
    made.parts.push_back(*std::move(part));
    return made;
  }

  base::result<node> list(node_kind kind, const json::value& from, const std::string& at, std::size_t depth) {
    const json::array* parts = from.if_array();
    if (parts == nullptr || parts->empty()) return refuse(at, "must be an array of at least one filter");
    node made{.kind = kind, .parts = {}, .path = {}, .tests = {}};
    for (std::size_t i = 0; i < parts->size(); ++i) {
      auto part = filter((*parts)[i], at + "/" + std::to_string(i), depth + 1);
      if (!part) return part;
      made.parts.push_back(*std::move(part));
    }
    return made;
  }

  static base::result<node> condition(const json::object& from, const std::string& at) {
    node made;
    const json::string* pointer = from.at("pointer").if_string();
    auto path = pointer != nullptr ? pointer_path(*pointer) : std::nullopt;
    if (!path) return refuse(at + "/pointer", "must be a JSON Pointer (RFC 6901), e.g. \"/event/details/score\"");
    made.path = *std::move(path);
    for (const auto& member : from) {
      if (member.key() == "pointer") continue;
      const auto found = std::ranges::find(test_names, std::string_view(member.key()));
      if (found == test_names.end()) return unknown(at, member.key());
      value_test test{static_cast<test_kind>(found - test_names.begin()), member.value()};
      if (const std::string rule = operand_rule(test); !rule.empty()) {
        return refuse(at + "/" + std::string(*found), rule);
      }
      made.tests.push_back(std::move(test));
    }
    if (!made.tests.empty()) return made;
    return refuse(at, fmt::format("needs an operator beside pointer: {}", fmt::join(test_names, ", ")));
  }

  // The rule that the operand breaks, or "".
  static std::string operand_rule(const value_test& test) {
    switch (test.kind) {
      case test_kind::equals: return {};
      case test_kind::in:
        return test.operand.is_array() && !test.operand.get_array().empty() ? ""
                                                                            : "must be an array of at least one value";
      case test_kind::exists: return test.operand.is_bool() ? "" : "must be true or false";
      case test_kind::lt:
      case test_kind::le:
      case test_kind::gt:
      case test_kind::ge: break;
    }
    return test.operand.is_number() || test.operand.is_string() ? "" : "must be a number or a string";
  }

  std::size_t nodes_ = 0;
};

}  // namespace

base::result<payload_filter> payload_filter::parse(std::string_view text) {
  if (text.size() > limits::filter_bytes_max) {
    return base::fail_at(fault::invalid_field, "",
                         fmt::format("is {} bytes as JSON; the limit is {}", text.size(), limits::filter_bytes_max));
  }
  const auto whole = base::parse_json(text);
  if (!whole) return base::fail_at(fault::invalid_field, "", "is not valid JSON: " + whole.error().detail);
  auto root = compiling().filter(*whole, "", 1);
  if (!root) return std::unexpected(std::move(root.error()));
  return payload_filter(std::make_shared<const node>(*std::move(root)));
}

bool payload_filter::passes(const json::value& payload) const { return holds(*root_, payload); }

}  // namespace posthorn::policy
