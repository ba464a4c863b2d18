#include "policy/json_values.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace posthorn::policy {

namespace json = boost::json;

namespace {

bool same_members(const json::object& a, const json::object& b) {
  return a.size() == b.size() && std::ranges::all_of(a, [&b](const auto& member) {
           const json::value* other = b.if_contains(member.key());
           return other != nullptr && same(member.value(), *other);
         });
}

const json::value* element_at(const json::array& of, std::string_view index) {
  if (index.empty() || index.size() > 9 || (index.size() > 1 && index.front() == '0')) return nullptr;
  std::size_t place = 0;
  for (const char digit : index) {
    if (digit < '0' || digit > '9') return nullptr;
    place = place * 10 + static_cast<std::size_t>(digit - '0');
  }
  return place < of.size() ? &of[place] : nullptr;
}

}  // namespace

exact number_of(const json::value& from) {
  if (from.is_int64()) return static_cast<exact>(from.get_int64());
  if (from.is_uint64()) return static_cast<exact>(from.get_uint64());
  return static_cast<exact>(from.get_double());
}

bool same(const json::value& a, const json::value& b) {
  if (a.is_number() && b.is_number()) return number_of(a) == number_of(b);
  if (a.kind() != b.kind()) return false;
  if (a.is_object()) return same_members(a.get_object(), b.get_object());
  if (!a.is_array()) return a == b;
  return std::ranges::equal(a.get_array(), b.get_array(),
                            [](const json::value& left, const json::value& right) { return same(left, right); });
}

std::optional<std::vector<std::string>> pointer_path(std::string_view pointer) {
  std::vector<std::string> path;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      path.emplace_back();
    } else if (path.empty()) {
      return std::nullopt;
    } else if (pointer[i] != '~') {
      path.back() += pointer[i];
    } else {
      const char escaped = ++i < pointer.size() ? pointer[i] : '\0';
      if (escaped != '0' && escaped != '1') return std::nullopt;
      path.back() += escaped == '0' ? '~' : '/';
    }
  }
  return path;
}

const json::value* value_at(const json::value& document, const std::vector<std::string>& path) {
  const json::value* at = &document;
  for (const std::string& part : path) {
    if (const json::object* object = at->if_object()) {
      at = object->if_contains(part);
    } else if (const json::array* list = at->if_array()) {
      at = element_at(*list, part);
    } else {
      at = nullptr;
    }
    if (at == nullptr) break;
  }
  return at;
}

}  // namespace posthorn::policy
