#include "support/answer_check.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <regex>
#include <utility>

namespace posthorn::test {
namespace {

namespace json = boost::json;

bool has_type(const json::value& value, std::string_view type) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_bool();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

bool allows_type(const json::value& type, const json::value& value) {
  if (type.is_string()) return has_type(value, type.as_string());
  return std::ranges::any_of(type.as_array(), [&](const json::value& one) { return has_type(value, one.as_string()); });
}

// "#/components/schemas/endpoint" → "endpoint"
std::string name_of_reference(const json::value& schema, const std::string& otherwise) {
  const auto* reference = schema.as_object().if_contains("$ref");
  if (!reference) return otherwise;
  const std::string text(reference->as_string());
  return text.substr(text.rfind('/') + 1);
}

}  // namespace

struct answer_check::flat_schema {
  std::vector<std::pair<std::string, property>> properties;
  std::set<std::string> required;
  std::vector<std::pair<std::string, const json::value*>> rules;  // type, enum, …: with the place
  std::vector<std::pair<std::string, const json::array*>> choices;
  const json::value* items = nullptr;
  std::string items_place;
  const json::value* others = nullptr;  // additionalProperties
};

void answer_check::flatten(const json::value& schema, const std::string& place, flat_schema& into) const {
  const std::string here = name_of_reference(schema, place);
  const json::object& of = by_.resolve(schema);
  for (const auto& [name, value] : of) {
    if (name == "properties") {
      for (const auto& [field, described] : value.as_object()) {
        // The later one says more, e.g. what a page's data is.
        std::erase_if(into.properties, [&](const auto& known) { return known.first == std::string_view(field); });
        into.properties.emplace_back(field, property{&described, here + "." + std::string(field)});
      }
    } else if (name == "required") {
      for (const json::value& field : value.as_array()) into.required.insert(std::string(field.as_string()));
    } else if (name == "allOf") {
      for (const json::value& part : value.as_array()) flatten(part, here, into);
    } else if (name == "oneOf") {
      into.choices.emplace_back(here, &value.as_array());
    } else if (name == "items") {
      into.items = &value;
      into.items_place = here;
    } else if (name == "additionalProperties") {
      into.others = &value;
    } else {
      into.rules.emplace_back(name, &value);
    }
  }
}

void answer_check::check(const json::value& value, const json::value& schema, const std::string& place,
                         const std::string& where) {
  flat_schema by;
  flatten(schema, place, by);
  const auto wrong = [&](const std::string& why) {
    problems_.push_back(where + " " + why + ": " + json::serialize(value).substr(0, 200));
  };
  for (const auto& [rule, said] : by.rules) {
    if (rule == "type" && !allows_type(*said, value)) return wrong("is not " + json::serialize(*said));
    if (rule == "const" && value != *said) wrong("is not " + json::serialize(*said));
    if (rule == "enum" && std::ranges::find(said->as_array(), value) == said->as_array().end()) {
      wrong("is none of " + json::serialize(*said));
    }
    if (rule == "pattern" && value.is_string() &&
        !std::regex_search(std::string(value.as_string()), std::regex(std::string(said->as_string())))) {
      wrong("does not match " + json::serialize(*said));
    }
    if (rule == "format" && *said == "date-time" && value.is_string()) {
      static const std::regex time(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)");
      if (!std::regex_match(std::string(value.as_string()), time)) wrong("is no time");
    }
  }
  for (const auto& [at, choices] : by.choices) check_one_of(value, *choices, at, where);
  if (value.is_array() && by.items) {
    for (const json::value& each : value.as_array()) check(each, *by.items, by.items_place, where + "/-");
  }
  if (value.is_object()) check_object(value.as_object(), by, where);
}

void answer_check::check_object(const json::object& value, const flat_schema& by, const std::string& where) {
  for (const std::string& field : by.required) {
    if (!value.contains(field)) problems_.push_back(where + "/" + field + " is required and absent");
  }
  for (const auto& [field, member] : value) {
    const auto known =
        std::ranges::find(by.properties, std::string_view(field), &std::pair<std::string, property>::first);
    const std::string at = where + "/" + std::string(field);
    if (known != by.properties.end()) {
      seen_.insert(known->second.place);
      check(member, *known->second.schema, known->second.place, at);
    } else if (by.others && by.others->is_object()) {
      check(member, *by.others, at, at);
    } else if (by.others ? *by.others == false : !by.properties.empty() && by.choices.empty()) {
      problems_.push_back(at + " is not documented");
    }
  }
}

void answer_check::check_one_of(const json::value& value, const json::array& choices, const std::string& place,
                                const std::string& where) {
  std::vector<std::string> all;
  for (const json::value& each : choices) {
    answer_check attempt(by_);
    attempt.check(value, each, place, where);
    if (attempt.problems_.empty()) {
      seen_.merge(attempt.seen_);
      return;
    }
    all.insert(all.end(), attempt.problems_.begin(), attempt.problems_.end());
  }
  problems_.push_back(where + " is none of its choices:");
  problems_.insert(problems_.end(), all.begin(), all.end());
}

std::vector<std::string> answer_check::look_at(const operation& what, const http_answer& given) {
  problems_.clear();
  const auto* response = what.responses.if_contains(std::to_string(given.status));
  // What is not named is an error: nobody may be surprised by a success.
  if (!response && given.status >= 400) response = what.responses.if_contains("default");
  if (!response) return {"status " + std::to_string(given.status) + " is not documented"};
  const auto* content = response->as_object().if_contains("content");
  const std::string header = given.header("Content-Type");
  if (!content) {
    if (given.body.empty()) return {};
    return {"status " + std::to_string(given.status) + " is documented without a body, it has: " + given.body};
  }
  const auto* media = content->as_object().if_contains(header.substr(0, header.find(';')));
  if (!media) return {"content type '" + header + "' is not documented for " + std::to_string(given.status)};
  const auto* schema = media->as_object().if_contains("schema");
  if (!schema || !header.contains("json")) return {};
  check(given.json(), *schema, what.name(), std::to_string(given.status));
  return std::exchange(problems_, {});
}

void answer_check::list_properties(const json::value& schema, const std::string& place, std::set<std::string>& into,
                                   std::set<std::string>& visited) const {
  if (schema.as_object().contains("$ref") && !visited.insert(name_of_reference(schema, place)).second) return;
  flat_schema by;
  flatten(schema, place, by);
  for (const auto& [field, described] : by.properties) {
    into.insert(described.place);
    list_properties(*described.schema, described.place, into, visited);
  }
  for (const auto& [at, choices] : by.choices) {
    for (const json::value& each : *choices) list_properties(each, at, into, visited);
  }
  if (by.items) list_properties(*by.items, by.items_place, into, visited);
}

std::set<std::string> answer_check::unseen() const {
  std::set<std::string> all;
  std::set<std::string> visited;
  for (const operation& each : by_.operations()) {
    for (const auto& [status, response] : each.responses) {
      const auto* content = response.as_object().if_contains("content");
      if (!content) continue;
      for (const auto& [type, media] : content->as_object()) {
        if (const auto* schema = media.as_object().if_contains("schema")) {
          list_properties(*schema, each.name(), all, visited);
        }
      }
    }
  }
  std::set<std::string> left;
  std::ranges::set_difference(all, seen_, std::inserter(left, left.end()));
  return left;
}

}  // namespace posthorn::test
