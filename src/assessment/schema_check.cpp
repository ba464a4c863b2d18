#include "assessment/schema_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <string>
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>
#include <vector>

#include "assessment/document.hpp"

namespace posthorn::assessment {

namespace json = boost::json;
using base::fault;
using valijson::adapters::BoostJsonAdapter;

namespace {

// valijson's own words, which it has no other form for.
constexpr std::string_view says_missing = "Missing required property '";
constexpr std::string_view says_unknown = "Object contains a property that could not be validated";
constexpr std::string_view says_wrong_type = "Value type not permitted";
constexpr std::string_view says_not_listed = "Failed to match against any enum";
constexpr std::string_view says_part_failed = "Failed to validate";  // the part's own finding stands beside it

std::string_view quoted_name(std::string_view text) {
  const std::size_t first = text.rfind('\'', text.rfind('\'') - 1) + 1;
  return text.substr(first, text.rfind('\'') - first);
}

// "[name]" → name.
std::vector<std::string> path_of(const valijson::ValidationResults::Error& finding) {
  std::vector<std::string> path;
  for (std::size_t i = 1; i < finding.context.size(); ++i) {
    path.push_back(finding.context[i].substr(1, finding.context[i].size() - 2));
  }
  return path;
}

std::string pointer_of(const std::vector<std::string>& path) {
  std::string pointer;
  for (const std::string& part : path) pointer = pointer_to(pointer, part);
  return pointer;
}

}  // namespace

struct schema_check::compiled {
  json::value source;
  valijson::Schema schema;

  // What the schema says of the value at `path`; null where it says nothing by name.
  const json::object* rules_at(const std::vector<std::string>& path) const {
    const json::value* at = resolved(&source);
    for (const std::string& part : path) {
      if (at == nullptr) return nullptr;
      const json::object& rules = at->as_object();
      if (const auto* items = rules.if_contains("items")) {
        at = resolved(items);
      } else if (const auto* properties = rules.if_contains("properties")) {
        at = resolved(properties->as_object().if_contains(part));
      } else {
        at = nullptr;
      }
    }
    return at == nullptr ? nullptr : at->if_object();
  }

  std::string expected_type(const std::vector<std::string>& path) const {
    const json::object* rules = rules_at(path);
    if (rules == nullptr || !rules->contains("type")) return "another type of value";
    const std::string_view type = rules->at("type").as_string();
    return fmt::format("{} {}", std::string_view("aeiou").contains(type.front()) ? "an" : "a", type);
  }

  std::string listed_values(const std::vector<std::string>& path) const {
    const json::object* rules = rules_at(path);
    if (rules == nullptr || !rules->contains("enum")) return "one of the values in the schema";
    std::string out;
    for (const json::value& value : rules->at("enum").as_array()) {
      if (!out.empty()) out += " or ";
      out += json::serialize(value);
    }
    return out;
  }

 private:
  const json::value* resolved(const json::value* rules) const {
    if (rules == nullptr) return nullptr;
    const auto* reference = rules->as_object().if_contains("$ref");
    return reference == nullptr ? rules : &source.at_pointer(std::string_view(reference->as_string()).substr(1));
  }
};

schema_check::schema_check(std::string_view schema)
    : compiled_([&] {
        auto made = std::make_unique<compiled>();
        made->source = json::parse(schema);
        valijson::SchemaParser parser;
        parser.populateSchema(BoostJsonAdapter(made->source), made->schema);
        return made;
      }()) {}

schema_check::~schema_check() = default;

void schema_check::run(const json::value& document, document_faults& faults) const {
  valijson::Validator validator;
  valijson::ValidationResults findings;
  if (validator.validate(compiled_->schema, BoostJsonAdapter(document), &findings)) return;
  for (const auto& finding : findings) {
    const std::string_view text = finding.description;
    auto path = path_of(finding);
    if (text.starts_with(says_part_failed)) continue;
    if (text.starts_with(says_missing)) {
      path.emplace_back(quoted_name(text));
      faults.add(pointer_of(path), "is required", fault::missing_field);
    } else if (text.starts_with(says_unknown)) {
      path.emplace_back(quoted_name(text));
      faults.add(pointer_of(path), "is not known here: remove it, or correct its name", fault::unknown_field);
    } else if (text.starts_with(says_wrong_type)) {
      faults.add(pointer_of(path), "must be " + compiled_->expected_type(path));
    } else if (text.starts_with(says_not_listed)) {
      faults.add(pointer_of(path), "must be " + compiled_->listed_values(path));
    } else {
      faults.add(pointer_of(path), finding.description);
    }
  }
  if (!faults.found()) faults.add("", "does not follow the schema");
}

}  // namespace posthorn::assessment
