#include "api/body_fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "api/text_forms.hpp"
#include "base/json.hpp"
#include "base/json_text.hpp"
#include "base/limits.hpp"

namespace posthorn::api {

namespace json = boost::json;
namespace limits = base::limits;
using base::fault;

base::result<json::object> parse_object(std::string_view body) {
  if (body.empty()) return json::object{};
  auto whole = base::parse_json(body);
  if (!whole) return base::fail(fault::malformed_json, "the body is not valid JSON: " + whole.error().detail);
  if (!whole->is_object()) return base::fail_at(fault::invalid_field, "", "the body must be a JSON object");
  return std::move(whole->as_object());
}

void body_errors::add(fault code, std::string pointer, std::string detail) {
  if (!first_) {
    first_ = base::fail_at(code, std::move(pointer), std::move(detail)).error();
  } else if (first_->fields.size() < limits::field_errors_max) {
    first_->fields.push_back({std::move(pointer), std::move(detail)});
  }
}

base::result<void> body_errors::outcome() const {
  if (first_) return std::unexpected(*first_);
  return {};
}

std::optional<std::string> body_fields::text(std::string_view name, std::size_t bytes_min, std::size_t bytes_max) {
  const json::value* given = find(name);
  if (given == nullptr) return std::nullopt;
  const json::string* value = given->if_string();
  if (value == nullptr || value->size() < bytes_min || value->size() > bytes_max) {
    refuse(name, bytes_min == 0 ? fmt::format("must be a string of at most {} bytes", bytes_max)
                                : fmt::format("must be a string of {} to {} bytes", bytes_min, bytes_max));
    return std::nullopt;
  }
  return std::string(*value);
}

std::optional<std::int64_t> body_fields::integer(std::string_view name, std::int64_t min, std::int64_t max) {
  const json::value* given = find(name);
  if (given == nullptr) return std::nullopt;
  json::error_code failed;
  const auto value = given->is_number() ? given->to_number<std::int64_t>(failed) : 0;
  if (!given->is_number() || given->is_double() || failed || value < min || value > max) {
    refuse(name, fmt::format("must be an integer from {} to {}", min, max));
    return std::nullopt;
  }
  return value;
}

std::optional<std::int64_t> body_fields::time(std::string_view name) {
  const json::value* given = find(name);
  if (given == nullptr) return std::nullopt;
  std::optional<base::epoch_ms> at;
  if (const auto* text = given->if_string()) at = parse_time(*text);
  if (given->is_int64()) at = parse_time(std::to_string(given->get_int64()));
  if (!at) refuse(name, "must be a time like 2026-01-15T10:30:00Z, or epoch seconds");
  return at;
}

std::optional<bool> body_fields::boolean(std::string_view name) {
  const json::value* given = find(name);
  if (given == nullptr) return std::nullopt;
  if (const bool* value = given->if_bool()) return *value;
  refuse(name, "must be true or false");
  return std::nullopt;
}

void body_fields::require(std::string_view name, std::string_view why) {
  if (!has(name)) refuse(name, fmt::format("is required: {}", why), fault::missing_field);
}

void body_fields::only(std::initializer_list<std::string_view> known) {
  for (const auto& member : object_) {
    const std::string_view name = member.key();
    if (std::ranges::find(known, name) == known.end()) refuse(name, "is not known here", fault::unknown_field);
  }
}

void body_fields::refuse(std::string_view name, std::string detail, fault code) {
  errors_.add(code, pointer_to(name), std::move(detail));
}

void body_fields::refuse_item(std::string_view name, std::size_t place, std::string detail) {
  errors_.add(fault::invalid_field, fmt::format("{}/{}", pointer_to(name), place), std::move(detail));
}

std::string body_fields::pointer_to(std::string_view name) const {
  return base::pointer_to(pointer_, name.substr(0, limits::name_chars_max));
}

}  // namespace posthorn::api
