#include <algorithm>

#include "api/routes.hpp"
#include "net/http1_fields.hpp"

namespace posthorn::api {
namespace {

std::string_view take_segment(std::string_view& rest) {
  rest.remove_prefix(1);  // the slash
  const std::size_t end = std::min(rest.find('/'), rest.size());
  const std::string_view segment = rest.substr(0, end);
  rest.remove_prefix(end);
  return segment;
}

bool matches(std::string_view pattern, std::string_view path, path_values& values) {
  values.count = 0;
  if (pattern == path) return pattern.find('{') == std::string_view::npos;
  while (!pattern.empty() && !path.empty()) {
    if (path.front() != '/') return false;
    const std::string_view wanted = take_segment(pattern);
    if (wanted == "{rest}") {
      values.text[values.count++] = path.substr(1);
      return path.size() > 1;
    }
    const std::string_view given = take_segment(path);
    if (wanted.starts_with('{')) {
      if (given.empty()) return false;
      values.text[values.count++] = given;
    } else if (wanted != given) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

std::string_view media_of(std::string_view content_type) noexcept {
  return net::trim_white_space(content_type.substr(0, content_type.find(';')));
}

}  // namespace

route_match match_route(std::span<const route> table, std::string_view method, std::string_view path) {
  route_match out;
  out.place = table.size();
  for (std::size_t place = 0; place < table.size(); ++place) {
    path_values values;
    if (!matches(table[place].pattern, path, values)) continue;
    if (table[place].method == method) return {&table[place], place, values, {}};
    if (!out.allow.empty()) out.allow += ", ";
    out.allow += table[place].method;
    if (table[place].method == "GET") out.allow += ", HEAD";
  }
  return out;
}

bool takes_content_type(body_kind kind, std::string_view content_type) noexcept {
  if (kind == body_kind::none || content_type.empty()) return true;
  const std::string_view media = media_of(content_type);
  if (kind == body_kind::json_or_csv && is_csv(content_type)) return true;
  if (kind != body_kind::ndjson) return net::equals_ignoring_case(media, "application/json");
  return net::equals_ignoring_case(media, "application/x-ndjson") ||
         net::equals_ignoring_case(media, "application/ndjson");
}

bool is_csv(std::string_view content_type) noexcept {
  return net::equals_ignoring_case(media_of(content_type), "text/csv");
}

}  // namespace posthorn::api
