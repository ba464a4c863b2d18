// Reads a JSON object of the API's own shapes field by field, and gathers every rule that the body breaks, so that one
// 422 names them all.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace posthorn::api {

// The body as an object. malformed_json; invalid_field if it is another kind of value. An empty body is an empty
// object.
[[nodiscard]] base::result<boost::json::object> parse_object(std::string_view body);

// Errors of one body; the first gives the fault.
class body_errors {
 public:
  void add(base::fault code, std::string pointer, std::string detail);
  [[nodiscard]] bool any() const noexcept { return first_.has_value(); }
  // The errors gathered, or success.
  [[nodiscard]] base::result<void> outcome() const;

 private:
  std::optional<base::error> first_;
};

// One object of the body, at `pointer` ("" for the body itself). Both references outlive it.
class body_fields {
 public:
  body_fields(const boost::json::object& object, std::string pointer, body_errors& errors)
      : object_(object), pointer_(std::move(pointer)), errors_(errors) {}

  [[nodiscard]] bool has(std::string_view name) const { return object_.contains(name); }
  // Null where the field is absent.
  [[nodiscard]] const boost::json::value* find(std::string_view name) const { return object_.if_contains(name); }

  // nullopt where the field is absent, or breaks the rule and an error has been added.
  [[nodiscard]] std::optional<std::string> text(std::string_view name, std::size_t bytes_min, std::size_t bytes_max);
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max);
  // As text like 2026-01-15T10:30:00Z or as epoch seconds; milliseconds.
  [[nodiscard]] std::optional<std::int64_t> time(std::string_view name);
  [[nodiscard]] std::optional<bool> boolean(std::string_view name);
  // As text, and `from` gives the value; `choices` is for the error: "\"200\" or \"2xx\"".
  template <class From>
  [[nodiscard]] auto choice(std::string_view name, From from, std::string_view choices) -> decltype(from("")) {
    const auto* given = find(name);
    if (given == nullptr) return std::nullopt;
    if (const auto* word = given->if_string()) {
      if (auto value = from(std::string_view(*word))) return value;
    }
    refuse(name, "must be " + std::string(choices));
    return std::nullopt;
  }

  // Adds missing_field where `name` is absent.
  void require(std::string_view name, std::string_view why);
  // Adds unknown_field for every name that is none of these.
  void only(std::initializer_list<std::string_view> known);
  void refuse(std::string_view name, std::string detail, base::fault code = base::fault::invalid_field);

  // The same for one element of the array or object that `name` is.
  void refuse_item(std::string_view name, std::size_t place, std::string detail);

  [[nodiscard]] std::string pointer_to(std::string_view name) const;
  [[nodiscard]] body_errors& errors() const noexcept { return errors_; }

 private:
  const boost::json::object& object_;
  const std::string pointer_;
  body_errors& errors_;
};

}  // namespace posthorn::api
