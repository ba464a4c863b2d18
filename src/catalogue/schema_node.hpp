// A schema as it is walked: one node a (sub)schema, pointing at each other. Members are grouped by what they judge.
#pragma once

#include <re2/re2.h>

#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/json_values.hpp"

namespace posthorn::catalogue {

// The seven names of `type`; an integer is a number as well.
enum class json_type : std::uint8_t { null, boolean, object, array, string, number, integer };

struct schema_node {
  using part = const schema_node*;  // of the same compiled_schema; null: the keyword is absent
  using pattern = std::unique_ptr<const re2::RE2>;
  struct dependency {
    std::string of;
    std::vector<std::string> needs;  // other members
    part then = nullptr;             // or a schema for the whole object
  };

  // Any value.
  bool never = false;                            // the schema `false`
  std::uint8_t types = 0;                        // bits by json_type; 0: any
  std::vector<boost::json::value> one_of_these;  // enum; const is a list of one
  part reference = nullptr;                      // alone: draft 7 ignores what stands beside a $ref
  std::vector<part> all_of, any_of, one_of;
  part negation = nullptr;
  part condition = nullptr, consequence = nullptr, alternative = nullptr;  // if, then, else

  // Numbers.
  std::optional<policy::exact> multiple_of, minimum, maximum, above, below;

  // Strings; lengths in code points.
  std::optional<std::size_t> length_min, length_max;
  pattern matching;

  // Arrays.
  std::optional<std::size_t> items_min, items_max;
  std::optional<std::vector<part>> tuple;  // items as a list
  part items = nullptr;                    // items as one schema
  part additional_items = nullptr;         // behind a tuple
  part contains = nullptr;
  bool unique = false;

  // Objects.
  std::optional<std::size_t> members_min, members_max;
  std::vector<std::string> required;
  std::vector<std::pair<std::string, part>> members;  // properties, by name
  std::vector<std::pair<pattern, part>> members_like;
  part other_members = nullptr;  // additionalProperties
  part member_names = nullptr;
  std::vector<dependency> dependencies;
};

struct compiled_schema {
  std::deque<schema_node> nodes;
  schema_node::part root = nullptr;
};

}  // namespace posthorn::catalogue
