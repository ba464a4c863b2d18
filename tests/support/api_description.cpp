#include "support/api_description.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <stdexcept>

namespace posthorn::test {
namespace {

namespace json = boost::json;

std::string text(const json::value& from) { return std::string(from.as_string()); }

caller_class callers_of(const json::object& from, const std::string& where) {
  const auto* security = from.if_contains("security");
  if (!security) return caller_class::key_or_admin;
  if (security->as_array().empty()) return caller_class::anyone;
  if (security->as_array().size() == 1) {
    if (security->at(0).as_object().contains("bearer")) return caller_class::admin;
    if (security->at(0).as_object().contains("session_token")) return caller_class::journey;
  }
  if (security->as_array().size() == 1 && security->at(0).as_object().contains("console")) return caller_class::member;
  if (security->as_array().size() == 2 && security->at(0).as_object().contains("bearer") &&
      security->at(1).as_object().contains("console")) {
    return caller_class::company;
  }
  throw std::runtime_error(where + ": its security is new to the tests: teach caller_class what it means");
}

}  // namespace

bool operation::takes(std::string_view query_parameter) const {
  return std::ranges::find(query, query_parameter) != query.end();
}

bool operation::has_plain_errors() const {
  return responses.at("default").at("content").as_object().contains("application/json");
}

api_description::api_description(json::value document) : document_(std::move(document)) {
  for (const auto& [path, methods] : document_.at("paths").as_object()) {
    for (const auto& [method, from] : methods.as_object()) {
      operations_.push_back(read(method, path, from.as_object()));
    }
  }
}

const json::object& api_description::resolve(const json::value& node) const {
  const json::object& object = node.as_object();
  const auto* reference = object.if_contains("$ref");
  if (!reference) return object;
  return resolve(document_.at_pointer(text(*reference).substr(1)));
}

operation api_description::read(std::string_view method, std::string_view path, const json::object& from) const {
  operation made;
  made.path = path;
  for (const char c : method) made.method += static_cast<char>(std::toupper(c));
  made.callers = callers_of(from, made.name());
  if (const auto* role = from.if_contains("x-least-role")) made.admins_only = text(*role) == "admin";
  if (const auto* parameters = from.if_contains("parameters")) {
    for (const json::value& each : parameters->as_array()) {
      const json::object& parameter = resolve(each);
      const std::string in = text(parameter.at("in"));
      if (in == "query") made.query.push_back(text(parameter.at("name")));
      if (in == "path" && parameter.contains("example")) {
        made.path_examples[text(parameter.at("name"))] = text(parameter.at("example"));
      }
    }
  }
  read_body(made, from);
  for (const auto& [status, response] : from.at("responses").as_object()) made.responses[status] = resolve(response);
  return made;
}

void api_description::read_body(operation& into, const json::object& from) const {
  const auto* body = from.if_contains("requestBody");
  if (!body) return;
  const json::object& content = resolve(*body).at("content").as_object();
  into.content_type = content.begin()->key();
  const json::object& media = content.begin()->value().as_object();
  const json::value* example = media.if_contains("example");
  if (const auto* several = media.if_contains("examples"); several && !example) {
    example = &several->as_object().begin()->value().at("value");
  }
  if (example) into.example = example->is_string() ? text(*example) : json::serialize(*example);
}

}  // namespace posthorn::test
