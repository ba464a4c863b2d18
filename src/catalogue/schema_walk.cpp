#include "catalogue/schema_walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <utility>

#include "base/json_text.hpp"
#include "base/limits.hpp"
#include "catalogue/json_schema.hpp"

namespace posthorn::catalogue {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;

namespace {

constexpr std::size_t shown_bytes_max = 200;  // of values in a message
constexpr std::size_t bytes_a_step = 64;      // of text that is looked through

// Steps that it takes to compare something with `value`, at most.
std::size_t weight_of(const json::value& value) noexcept {
  std::size_t weight = 1;
  if (const json::string* text = value.if_string()) {
    weight += text->size() / bytes_a_step;
  } else if (const json::array* items = value.if_array()) {
    for (const json::value& each : *items) weight += weight_of(each);
  } else if (const json::object* members = value.if_object()) {
    for (const auto& [name, each] : *members) weight += name.size() / bytes_a_step + weight_of(each);
  }
  return weight;
}

constexpr unsigned bit(json_type type) noexcept { return 1U << static_cast<unsigned>(type); }

bool is_integral(const json::value& number) {
  if (!number.is_double()) return true;
  const double value = number.get_double();
  return std::isfinite(value) && std::trunc(value) == value;
}

unsigned types_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return bit(json_type::null);
    case json::kind::bool_: return bit(json_type::boolean);
    case json::kind::object: return bit(json_type::object);
    case json::kind::array: return bit(json_type::array);
    case json::kind::string: return bit(json_type::string);
    default: return bit(json_type::number) | (is_integral(value) ? bit(json_type::integer) : 0U);
  }
}

std::string type_list(unsigned types) {
  constexpr std::array<std::string_view, 7> words = {"null",     "true or false", "an object", "an array",
                                                     "a string", "a number",      "an integer"};
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if ((types & 1U << i) != 0) out.append(out.empty() ? "" : " or ").append(words[i]);
  }
  return out;
}

std::string value_list(const std::vector<json::value>& values) {
  std::string out;
  for (const json::value& each : values) {
    out.append(out.empty() ? "" : ", ").append(json::serialize(each));
    if (out.size() > shown_bytes_max) return out.substr(0, shown_bytes_max) + " …";
  }
  return out;
}

std::string counted(std::size_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

bool is_multiple(policy::exact value, policy::exact of) {
  constexpr policy::exact whole_doubles = 9007199254740992.0L;  // 2^53: beyond, every double is an integer
  constexpr policy::exact tolerance = 1e-9L;                    // 0.0075 / 0.0001 is not quite 75 in binary
  const policy::exact times = value / of;
  if (std::fabs(times) < whole_doubles) return std::fabs(times - std::round(times)) <= tolerance;
  return std::fmod(value, of) == 0;
}

// By `where`, as an RFC 6901 pointer.
template <class Place>
std::string pointer_to(const Place& where) {
  if (where.above == nullptr) return {};
  return where.is_index ? fmt::format("{}/{}", pointer_to(*where.above), where.index)
                        : base::pointer_to(pointer_to(*where.above), where.name);
}

std::size_t code_points(std::string_view utf8) noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

// Inside it, what does not hold is not told: another branch may.
class schema_walk::silence {
 public:
  explicit silence(schema_walk& of) noexcept : of_(of), before_(std::exchange(of.telling_, false)) {}
  ~silence() { of_.telling_ = before_; }
  silence(const silence&) = delete;
  silence& operator=(const silence&) = delete;

 private:
  schema_walk& of_;
  const bool before_;
};

template <class Detail>
bool schema_walk::refuse(const place& where, Detail detail, fault code) {
  if (!telling_) return false;
  if (!violations_) {
    violations_ = base::fail_at(code, pointer_to(where), detail()).error();
  } else if (violations_->fields.size() < limits::field_errors_max) {
    violations_->fields.push_back({pointer_to(where), detail()});
  }
  return false;
}

bool schema_walk::settled(bool held) const noexcept {
  if (steps_left_ == 0) return true;
  return !held && (!telling_ || (violations_ && violations_->fields.size() >= limits::field_errors_max));
}

bool schema_walk::spend(std::size_t steps) noexcept {
  steps_left_ -= std::min(steps, steps_left_);
  return steps_left_ != 0;
}

bool schema_walk::holds(const schema_node& schema, const json::value& document) {
  return walk(schema, document, {}) && !exhausted();
}

bool schema_walk::walk(const schema_node& schema, const json::value& at, const place& where) {
  if (!spend(1)) return false;
  if (schema.reference != nullptr) return walk(*schema.reference, at, where);
  bool held = any_value(schema, at, where);
  if (settled(held)) return false;
  switch (at.kind()) {
    case json::kind::null:
    case json::kind::bool_: break;
    case json::kind::string: held = string(schema, at.get_string(), where) && held; break;
    case json::kind::array: held = array(schema, at.get_array(), where) && held; break;
    case json::kind::object:
      held = object(schema, at.get_object(), where) && held;
      if (!settled(held)) held = dependencies(schema, at, where) && held;
      break;
    default: held = number(schema, at, where) && held;
  }
  if (settled(held)) return false;
  return logic(schema, at, where) && held;
}

bool schema_walk::any_value(const schema_node& schema, const json::value& at, const place& where) {
  if (schema.never) {
    return refuse(where, [] { return std::string("must not be there"); });
  }
  if (schema.types != 0 && (schema.types & types_of(at)) == 0) {
    return refuse(where, [&] { return "must be " + type_list(schema.types); });
  }
  if (schema.one_of_these.empty()) return true;
  for (const json::value& each : schema.one_of_these) {
    if (!spend(weight_of(each))) return false;
    if (policy::same(at, each)) return true;
  }
  return refuse(where, [&] {
    return (schema.one_of_these.size() == 1 ? "must be " : "must be one of ") + value_list(schema.one_of_these);
  });
}

bool schema_walk::logic(const schema_node& schema, const json::value& at, const place& where) {
  bool held = true;
  for (const schema_node::part each : schema.all_of) {
    held = walk(*each, at, where) && held;
    if (settled(held)) return false;
  }
  const auto passes = [&](schema_node::part each) {
    const silence quietly(*this);
    return walk(*each, at, where);
  };
  if (!schema.any_of.empty() && !std::ranges::any_of(schema.any_of, passes)) {
    held = refuse(where, [&] { return fmt::format("is none of the {} forms of anyOf", schema.any_of.size()); });
  }
  if (!schema.one_of.empty()) held = one_of(schema, at, where) && held;
  if (schema.negation != nullptr && passes(schema.negation)) {
    held = refuse(where, [] { return std::string("has the form that `not` excludes"); });
  }
  if (settled(held) || schema.condition == nullptr) return held;
  const schema_node::part chosen = passes(schema.condition) ? schema.consequence : schema.alternative;
  if (chosen != nullptr) held = walk(*chosen, at, where) && held;
  return held;
}

bool schema_walk::one_of(const schema_node& schema, const json::value& at, const place& where) {
  std::size_t passed = 0;
  for (const schema_node::part each : schema.one_of) {
    const silence quietly(*this);
    if (walk(*each, at, where) && ++passed > 1) break;
  }
  if (passed == 1) return true;
  return refuse(where, [&] {
    return fmt::format("is {} of the {} forms of oneOf", passed == 0 ? "none" : "more than one", schema.one_of.size());
  });
}

bool schema_walk::number(const schema_node& schema, const json::value& at, const place& where) {
  const policy::exact given = policy::number_of(at);
  const auto shown = [](policy::exact bound) { return fmt::format("{}", static_cast<double>(bound)); };
  if (schema.minimum && given < *schema.minimum) {
    return refuse(where, [&] { return "must be at least " + shown(*schema.minimum); });
  }
  if (schema.maximum && given > *schema.maximum) {
    return refuse(where, [&] { return "must be at most " + shown(*schema.maximum); });
  }
  if (schema.above && given <= *schema.above) {
    return refuse(where, [&] { return "must be more than " + shown(*schema.above); });
  }
  if (schema.below && given >= *schema.below) {
    return refuse(where, [&] { return "must be less than " + shown(*schema.below); });
  }
  if (schema.multiple_of && !is_multiple(given, *schema.multiple_of)) {
    return refuse(where, [&] { return "must be a multiple of " + shown(*schema.multiple_of); });
  }
  return true;
}

bool schema_walk::string(const schema_node& schema, const json::string& at, const place& where) {
  if (schema.length_min || schema.length_max) {
    const std::size_t length = code_points(at);
    if (!spend(at.size() / bytes_a_step)) return false;
    if (schema.length_min && length < *schema.length_min) {
      return refuse(where,
                    [&] { return fmt::format("must be at least {}", counted(*schema.length_min, "character")); });
    }
    if (schema.length_max && length > *schema.length_max) {
      return refuse(where, [&] { return fmt::format("must be at most {}", counted(*schema.length_max, "character")); });
    }
  }
  if (!schema.matching) return true;
  if (!spend(1 + at.size() / bytes_a_step)) return false;
  if (re2::RE2::PartialMatch(re2::StringPiece(at.data(), at.size()), *schema.matching)) return true;
  return refuse(where, [&] { return "must match the pattern " + schema.matching->pattern(); });
}

bool schema_walk::array(const schema_node& schema, const json::array& at, const place& where) {
  bool held = true;
  if (schema.items_min && at.size() < *schema.items_min) {
    held = refuse(where, [&] { return fmt::format("must have at least {}", counted(*schema.items_min, "item")); });
  }
  if (schema.items_max && at.size() > *schema.items_max) {
    held = refuse(where, [&] { return fmt::format("must have at most {}", counted(*schema.items_max, "item")); });
  }
  for (std::size_t i = 0; i < at.size() && !settled(held); ++i) {
    const bool listed = schema.tuple && i < schema.tuple->size();
    const schema_node::part judge = listed ? (*schema.tuple)[i] : schema.tuple ? schema.additional_items : schema.items;
    if (judge == nullptr) break;
    held = walk(*judge, at[i], {.above = &where, .index = i, .is_index = true}) && held;
  }
  if (settled(held)) return false;
  if (schema.unique) held = unique(at, where) && held;
  if (schema.contains == nullptr) return held;
  const auto fits = [&](const json::value& each) {
    const silence quietly(*this);
    return exhausted() || walk(*schema.contains, each, where);
  };
  if (std::ranges::any_of(at, fits)) return held;
  return refuse(where, [] { return std::string("has no item of the form that `contains` asks for"); });
}

bool schema_walk::unique(const json::array& at, const place& where) {
  for (std::size_t i = 0; i < at.size(); ++i) {
    if (!spend((i + 1) * weight_of(at[i]))) return false;
    for (std::size_t before = 0; before < i; ++before) {
      if (!policy::same(at[before], at[i])) continue;
      return refuse({.above = &where, .index = i, .is_index = true},
                    [&] { return fmt::format("is equal to item {}: all must differ", before); });
    }
  }
  return true;
}

bool schema_walk::object(const schema_node& schema, const json::object& at, const place& where) {
  bool held = true;
  if (!spend(schema.required.size())) return false;
  for (const std::string& name : schema.required) {
    if (at.contains(name)) continue;
    held = refuse({.above = &where, .name = name}, [] { return std::string("is required"); }, fault::missing_field);
    if (settled(held)) return false;
  }
  if (schema.members_min && at.size() < *schema.members_min) {
    held = refuse(where, [&] { return fmt::format("must have at least {}", counted(*schema.members_min, "member")); });
  }
  if (schema.members_max && at.size() > *schema.members_max) {
    held = refuse(where, [&] { return fmt::format("must have at most {}", counted(*schema.members_max, "member")); });
  }
  return members(schema, at, where) && held;
}

bool schema_walk::members(const schema_node& schema, const json::object& at, const place& where) {
  bool held = true;
  if (schema.members_like.empty() && schema.other_members == nullptr && schema.member_names == nullptr) {
    if (!spend(schema.members.size())) return false;
    for (const auto& [name, judge] : schema.members) {
      const json::value* given = at.if_contains(name);
      if (given != nullptr) held = walk(*judge, *given, {.above = &where, .name = name}) && held;
      if (settled(held)) return false;
    }
    return held;
  }
  for (const auto& [name, given] : at) {
    held = member(schema, name, given, {.above = &where, .name = name}) && held;
    if (settled(held)) return false;
  }
  return held;
}

bool schema_walk::member(const schema_node& schema, std::string_view name, const json::value& at, const place& where) {
  bool held = true;
  bool judged = false;
  const auto listed = std::ranges::lower_bound(schema.members, name, {},
                                               [](const auto& each) -> std::string_view { return each.first; });
  if (listed != schema.members.end() && listed->first == name) {
    judged = true;
    held = walk(*listed->second, at, where);
  }
  for (const auto& [pattern, judge] : schema.members_like) {
    if (!spend(1 + name.size() / bytes_a_step)) return false;
    if (!re2::RE2::PartialMatch(re2::StringPiece(name.data(), name.size()), *pattern)) continue;
    judged = true;
    held = walk(*judge, at, where) && held;
  }
  if (!judged && schema.other_members != nullptr) {
    held = (schema.other_members->never ? refuse_unknown(where) : walk(*schema.other_members, at, where)) && held;
  }
  if (schema.member_names == nullptr || settled(held)) return held;
  const json::value as_value(name);
  const bool named_well = [&] {
    const silence quietly(*this);
    return walk(*schema.member_names, as_value, where);
  }();
  if (named_well) return held;
  return refuse(where, [] { return std::string("has a name that `propertyNames` does not allow"); });
}

bool schema_walk::refuse_unknown(const place& where) {
  return refuse(
      where, [] { return std::string("is not known here: remove it, or correct its name"); }, fault::unknown_field);
}

bool schema_walk::dependencies(const schema_node& schema, const json::value& whole, const place& where) {
  bool held = true;
  const json::object& at = whole.get_object();
  for (const schema_node::dependency& each : schema.dependencies) {
    if (!spend(1)) return false;
    if (!at.contains(each.of)) continue;
    if (!spend(each.needs.size())) return false;
    for (const std::string& name : each.needs) {
      if (at.contains(name)) continue;
      held = refuse(
          {.above = &where, .name = name}, [&] { return "is required beside " + each.of; }, fault::missing_field);
    }
    if (each.then != nullptr) held = walk(*each.then, whole, where) && held;
    if (settled(held)) return false;
  }
  return held;
}

base::result<void> json_schema::check(const json::value& document) const {
  schema_walk first(false);
  if (first.holds(*compiled_->root, document)) return {};
  schema_walk again(true);
  if (!first.exhausted()) static_cast<void>(again.holds(*compiled_->root, document));
  if (auto told = again.violations()) return std::unexpected(*std::move(told));
  return base::fail_at(fault::invalid_field, "",
                       fmt::format("takes more than {} steps to hold against the schema: make one of them simpler",
                                   limits::schema_steps_max));
}

}  // namespace posthorn::catalogue
