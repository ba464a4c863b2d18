// What each keyword of draft 7 says (draft-handrews-json-schema-validation-01 section 6, -json-schema-01 section 8).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json_text.hpp"
#include "base/limits.hpp"
#include "base/percent.hpp"
#include "catalogue/schema_compiler.hpp"

namespace posthorn::catalogue {

namespace json = boost::json;
namespace limits = base::limits;

namespace {

constexpr std::array<std::string_view, 7> type_names = {"null",   "boolean", "object", "array",
                                                        "string", "number",  "integer"};
constexpr std::int64_t pattern_memory_bytes = 256 * 1024;  // of one pattern's automaton

}  // namespace

schema_compiler::keyword schema_compiler::find(std::string_view name) noexcept {
  using compiler = schema_compiler;
  using node = schema_node;
  struct entry {
    std::string_view name;
    keyword take;
  };
  static constexpr std::array table = {
      entry{"type", &compiler::type},
      entry{"enum", &compiler::enumeration},
      entry{"const", &compiler::constant},
      entry{"multipleOf", &compiler::multiple},
      entry{"minimum", &compiler::number<&node::minimum>},
      entry{"maximum", &compiler::number<&node::maximum>},
      entry{"exclusiveMinimum", &compiler::number<&node::above>},
      entry{"exclusiveMaximum", &compiler::number<&node::below>},
      entry{"minLength", &compiler::size<&node::length_min>},
      entry{"maxLength", &compiler::size<&node::length_max>},
      entry{"pattern", &compiler::pattern},
      entry{"items", &compiler::items},
      entry{"additionalItems", &compiler::part<&node::additional_items>},
      entry{"minItems", &compiler::size<&node::items_min>},
      entry{"maxItems", &compiler::size<&node::items_max>},
      entry{"uniqueItems", &compiler::unique_items},
      entry{"contains", &compiler::part<&node::contains>},
      entry{"minProperties", &compiler::size<&node::members_min>},
      entry{"maxProperties", &compiler::size<&node::members_max>},
      entry{"required", &compiler::required},
      entry{"properties", &compiler::properties},
      entry{"patternProperties", &compiler::pattern_properties},
      entry{"additionalProperties", &compiler::part<&node::other_members>},
      entry{"propertyNames", &compiler::part<&node::member_names>},
      entry{"dependencies", &compiler::dependencies},
      entry{"if", &compiler::part<&node::condition>},
      entry{"then", &compiler::part<&node::consequence>},
      entry{"else", &compiler::part<&node::alternative>},
      entry{"allOf", &compiler::list<&node::all_of>},
      entry{"anyOf", &compiler::list<&node::any_of>},
      entry{"oneOf", &compiler::list<&node::one_of>},
      entry{"not", &compiler::part<&node::negation>},
      entry{"definitions", &compiler::definitions},
      entry{"$schema", &compiler::draft},
      entry{"$id", &compiler::own_address},
      entry{"$recursiveRef", &compiler::of_later_draft},
      entry{"$dynamicRef", &compiler::of_later_draft},
      entry{"dependentRequired", &compiler::of_later_draft},
      entry{"dependentSchemas", &compiler::of_later_draft},
      entry{"minContains", &compiler::of_later_draft},
      entry{"maxContains", &compiler::of_later_draft},
      entry{"prefixItems", &compiler::of_later_draft},
      entry{"unevaluatedItems", &compiler::of_later_draft},
      entry{"unevaluatedProperties", &compiler::of_later_draft},
  };
  const auto* const found = std::ranges::find(table, name, &entry::name);
  return found == table.end() ? nullptr : found->take;
}

template <auto Member>
void schema_compiler::size(schema_node& to, const value& given, const std::string& at) {
  constexpr policy::exact largest = 1e15L;
  const policy::exact number = given.is_number() ? policy::number_of(given) : -1;
  if (number < 0 || number > largest || number != static_cast<policy::exact>(static_cast<std::size_t>(number))) {
    refuse(at, "must be an integer of 0 or more");
  } else {
    to.*Member = static_cast<std::size_t>(number);
  }
}

template <auto Member>
void schema_compiler::number(schema_node& to, const value& given, const std::string& at) {
  if (given.is_number()) {
    to.*Member = policy::number_of(given);
  } else {
    refuse(at, "must be a number");
  }
}

template <auto Member>
void schema_compiler::part(schema_node& to, const value& given, const std::string& at) {
  to.*Member = node_of(given, at);
}

template <auto Member>
void schema_compiler::list(schema_node& to, const value& given, const std::string& at) {
  const json::array* parts = given.if_array();
  if (parts == nullptr || parts->empty()) return refuse(at, "must be an array of at least one schema");
  for (std::size_t i = 0; i < parts->size(); ++i) {
    (to.*Member).push_back(node_of((*parts)[i], fmt::format("{}/{}", at, i)));
  }
}

void schema_compiler::type(schema_node& to, const value& given, const std::string& at) {
  const json::array one{given};
  const json::array& listed = given.is_array() ? given.get_array() : one;
  for (const json::value& each : listed) {
    const json::string* name = each.if_string();
    const auto* const found =
        name == nullptr ? type_names.end() : std::ranges::find(type_names, std::string_view(*name));
    if (found == type_names.end()) {
      return refuse(at, fmt::format("must be one of {}, or an array of them", fmt::join(type_names, ", ")));
    }
    to.types = static_cast<std::uint8_t>(to.types | 1U << (found - type_names.begin()));
  }
  if (listed.empty()) refuse(at, "must name at least one type");
}

void schema_compiler::enumeration(schema_node& to, const value& given, const std::string& at) {
  const json::array* values = given.if_array();
  if (values == nullptr || values->empty()) return refuse(at, "must be an array of at least one value");
  to.one_of_these.assign(values->begin(), values->end());
}

void schema_compiler::constant(schema_node& to, const value& given, const std::string&) { to.one_of_these = {given}; }

void schema_compiler::multiple(schema_node& to, const value& given, const std::string& at) {
  if (!given.is_number() || policy::number_of(given) <= 0) return refuse(at, "must be a number above 0");
  to.multiple_of = policy::number_of(given);
}

schema_node::pattern schema_compiler::pattern_of(std::string_view text, const std::string& at) {
  if (text.size() > limits::schema_pattern_bytes_max || ++patterns_ > limits::schema_patterns_max) {
    refuse(at, fmt::format("is too much: at most {} patterns of at most {} bytes each", limits::schema_patterns_max,
                           limits::schema_pattern_bytes_max));
    return nullptr;
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(pattern_memory_bytes);
  auto made = std::make_unique<const re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
  if (made->ok()) return made;
  refuse(at, fmt::format("is not a pattern of RE2's syntax (no look-around, no back-references): {}", made->error()));
  return nullptr;
}

void schema_compiler::pattern(schema_node& to, const value& given, const std::string& at) {
  if (!given.is_string()) return refuse(at, "must be a string: a regular expression");
  to.matching = pattern_of(given.get_string(), at);
}

void schema_compiler::items(schema_node& to, const value& given, const std::string& at) {
  if (!given.is_array()) {
    to.items = node_of(given, at);
    return;
  }
  const json::array& parts = given.get_array();
  to.tuple.emplace();
  for (std::size_t i = 0; i < parts.size(); ++i) to.tuple->push_back(node_of(parts[i], fmt::format("{}/{}", at, i)));
}

void schema_compiler::unique_items(schema_node& to, const value& given, const std::string& at) {
  if (!given.is_bool()) return refuse(at, "must be true or false");
  to.unique = given.get_bool();
}

std::vector<std::string> schema_compiler::names(const value& given, const std::string& at) {
  std::vector<std::string> all;
  const json::array* listed = given.if_array();
  if (listed == nullptr || !std::ranges::all_of(*listed, [](const json::value& each) { return each.is_string(); })) {
    refuse(at, "must be an array of strings");
    return all;
  }
  for (const json::value& each : *listed) all.emplace_back(each.get_string());
  return all;
}

void schema_compiler::required(schema_node& to, const value& given, const std::string& at) {
  to.required = names(given, at);
}

void schema_compiler::properties(schema_node& to, const value& given, const std::string& at) {
  if (!given.is_object()) return refuse(at, "must be an object of schemas");
  for (const auto& [name, each] : given.get_object()) {
    to.members.emplace_back(name, node_of(each, base::pointer_to(at, name)));
  }
  std::ranges::sort(to.members, {}, &std::pair<std::string, schema_node::part>::first);
}

void schema_compiler::pattern_properties(schema_node& to, const value& given, const std::string& at) {
  if (!given.is_object()) return refuse(at, "must be an object of schemas");
  for (const auto& [name, each] : given.get_object()) {
    const std::string place = base::pointer_to(at, name);
    to.members_like.emplace_back(pattern_of(name, place), node_of(each, place));
  }
}

void schema_compiler::dependencies(schema_node& to, const value& given, const std::string& at) {
  if (!given.is_object()) return refuse(at, "must be an object of schemas or arrays of names");
  for (const auto& [name, each] : given.get_object()) {
    const std::string place = base::pointer_to(at, name);
    schema_node::dependency& made = to.dependencies.emplace_back();
    made.of = name;
    if (each.is_array()) {
      made.needs = names(each, place);
    } else {
      made.then = node_of(each, place);
    }
  }
}

void schema_compiler::definitions(schema_node&, const value& given, const std::string& at) {
  if (!given.is_object()) return refuse(at, "must be an object of schemas");
  for (const auto& [name, each] : given.get_object()) node_of(each, base::pointer_to(at, name));
}

void schema_compiler::reference(schema_node& to, const value& given, const std::string& at) {
  const json::string* text = given.if_string();
  if (text == nullptr || !text->starts_with('#')) {
    return refuse(at, "must be \"#\" and a JSON Pointer: only places inside the schema can be referred to");
  }
  const auto pointer = base::percent_decoded(std::string_view(*text).substr(1));
  const auto path = pointer ? policy::pointer_path(*pointer) : std::nullopt;
  const json::value* found = path ? policy::value_at(schema_, *path) : nullptr;
  if (found == nullptr) return refuse(at, "names no place inside the schema");
  to.reference = node_of(*found, *pointer);
}

void schema_compiler::draft(schema_node&, const value& given, const std::string& at) {
  const json::string* text = given.if_string();
  if (text != nullptr &&
      (text->find("/draft-07/") != json::string::npos || text->find("/draft-06/") != json::string::npos)) {
    return;
  }
  refuse(at, "must be \"http://json-schema.org/draft-07/schema#\", or left out: draft 7 is what is read here");
}

void schema_compiler::own_address(schema_node&, const value& given, const std::string& at) {
  if (!given.is_string()) return refuse(at, "must be a string");
  if (at != "/$id") refuse(at, "is taken at the top only: refer to a part by its JSON Pointer");
}

void schema_compiler::of_later_draft(schema_node&, const value&, const std::string& at) {
  refuse(at, "belongs to a later draft of JSON Schema: draft 7 is what is read here");
}

}  // namespace posthorn::catalogue
