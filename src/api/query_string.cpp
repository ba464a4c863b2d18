#include "api/query_string.hpp"

#include <algorithm>
#include <vector>

#include "base/percent.hpp"

namespace posthorn::api {
namespace {

struct parameter {
  std::string_view name;  // still encoded
  std::string_view value;
};

parameter take_parameter(std::string_view& rest) {
  const std::size_t end = rest.find('&');
  const std::string_view pair = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos) return {pair, {}};
  return {pair.substr(0, equals), pair.substr(equals + 1)};
}

// A form's encoding, where '+' is a space.
std::optional<std::string> decoded(std::string_view value) {
  std::string spaced(value);
  std::ranges::replace(spaced, '+', ' ');
  return base::percent_decoded(spaced);
}

bool is_known(std::string_view name, std::string_view known) {
  while (!known.empty()) {
    const std::size_t end = known.find(' ');
    if (known.substr(0, end) == name) return true;
    known.remove_prefix(end == std::string_view::npos ? known.size() : end + 1);
  }
  return false;
}

}  // namespace

std::optional<std::string> find_parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const parameter next = take_parameter(query);
    if (next.name == name) return decoded(next.value);
  }
  return std::nullopt;
}

base::result<void> check_query(std::string_view query, std::string_view known) {
  std::vector<std::string_view> seen;
  while (!query.empty()) {
    const parameter next = take_parameter(query);
    if (next.name.empty() && next.value.empty()) continue;
    const std::string name(next.name.substr(0, 64));
    if (!is_known(next.name, known)) {
      return base::fail(base::fault::malformed_request, "the query parameter '" + name +
                                                            "' is not known here; known: " +
                                                            (known.empty() ? std::string("none") : std::string(known)));
    }
    for (const std::string_view earlier : seen) {
      if (earlier == next.name) return base::fail(base::fault::malformed_request, "'" + name + "' is given twice");
    }
    seen.push_back(next.name);
    if (!decoded(next.value)) {
      return base::fail(base::fault::malformed_request, "'" + name + "' has a broken percent-encoding");
    }
  }
  return {};
}

std::optional<std::string> decoded_segment(std::string_view text) { return base::percent_decoded(text); }

}  // namespace posthorn::api
