#include "receiver/json_fields.hpp"

namespace posthorn::receiver {
namespace {

std::string_view name_of(boost::json::kind kind) {
  switch (kind) {
    case boost::json::kind::string: return "a string";
    case boost::json::kind::int64: return "an integer";
    case boost::json::kind::bool_: return "true or false";
    case boost::json::kind::array: return "an array";
    default: return "an object";
  }
}

std::string must_be(boost::json::kind kind) { return "must be " + std::string(name_of(kind)); }

}  // namespace

json_fields::json_fields(const boost::json::value& value, std::string pointer, std::optional<base::error>& failure)
    : object_(value.if_object()), pointer_(std::move(pointer)), failure_(&failure) {
  if (object_ == nullptr) fail(base::fault::invalid_field, pointer_, must_be(boost::json::kind::object));
}

std::string json_fields::text(std::string_view name) {
  const auto* value = find(name, boost::json::kind::string);
  return value != nullptr ? std::string(value->get_string()) : std::string();
}

std::int64_t json_fields::integer(std::string_view name) {
  const auto* value = find(name, boost::json::kind::int64);
  return value != nullptr ? value->get_int64() : 0;
}

bool json_fields::truth(std::string_view name) {
  const auto* value = find(name, boost::json::kind::bool_);
  return value != nullptr && value->get_bool();
}

std::vector<std::string> json_fields::texts(std::string_view name) {
  std::vector<std::string> out;
  const auto* array = find_array(name);
  if (array == nullptr) return out;
  for (std::size_t i = 0; i < array->size(); ++i) {
    const auto* element = (*array)[i].if_string();
    if (element == nullptr) {
      fail(base::fault::invalid_field, pointer_ + "/" + std::string(name) + "/" + std::to_string(i),
           must_be(boost::json::kind::string));
      return {};
    }
    out.emplace_back(*element);
  }
  return out;
}

std::vector<std::string> json_fields::any_texts(std::string_view name) {
  std::vector<std::string> out;
  const auto* array = find_array(name);
  if (array == nullptr) return out;
  for (const boost::json::value& element : *array) {
    const auto* text = element.if_string();
    out.push_back(text != nullptr ? std::string(*text) : boost::json::serialize(element));
  }
  return out;
}

json_fields json_fields::object(std::string_view name) {
  static const boost::json::value nothing = boost::json::object();
  const auto* value = find(name, boost::json::kind::object);
  return {value != nullptr ? *value : nothing, pointer_ + "/" + std::string(name), *failure_};
}

std::vector<json_fields> json_fields::objects(std::string_view name) {
  std::vector<json_fields> out;
  const auto* array = find_array(name);
  if (array == nullptr) return out;
  for (std::size_t i = 0; i < array->size(); ++i) {
    out.emplace_back((*array)[i], pointer_ + "/" + std::string(name) + "/" + std::to_string(i), *failure_);
  }
  return out;
}

bool json_fields::has(std::string_view name) const {
  if (object_ == nullptr) return false;
  const auto* value = object_->if_contains(name);
  return value != nullptr && !value->is_null();
}

const boost::json::value* json_fields::find(std::string_view name, boost::json::kind kind) {
  if (*failure_) return nullptr;
  const auto* value = object_->if_contains(name);
  if (value == nullptr) {
    fail(base::fault::missing_field, pointer_ + "/" + std::string(name), "is missing; it " + must_be(kind));
    return nullptr;
  }
  // Boost.JSON calls an integer int64 wherever it fits: a larger one or a fraction is refused here.
  if (value->kind() != kind) {
    fail(base::fault::invalid_field, pointer_ + "/" + std::string(name), must_be(kind));
    return nullptr;
  }
  return value;
}

const boost::json::array* json_fields::find_array(std::string_view name) {
  const auto* value = find(name, boost::json::kind::array);
  return value != nullptr ? &value->get_array() : nullptr;
}

void json_fields::fail(base::fault code, std::string pointer, std::string detail) {
  if (!*failure_) *failure_ = base::fail_at(code, std::move(pointer), std::move(detail)).error();
}

}  // namespace posthorn::receiver
