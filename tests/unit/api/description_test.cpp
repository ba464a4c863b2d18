// openapi.yaml against the table of routes: neither knows an address, a caller, a parameter or a body that the other
// does not.
#include "api/description.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <set>
#include <sstream>

#include "api/routes.hpp"
#include "support/api_description.hpp"

namespace posthorn::api {
namespace {

namespace json = boost::json;

const test::api_description& described() {
  static const test::api_description made(json::parse(description()));
  return made;
}

const test::operation* find(const route& of) {
  for (const test::operation& each : described().operations()) {
    if (each.method == of.method && each.path == of.pattern) return &each;
  }
  return nullptr;
}

test::caller_class documented(scope reach) {
  switch (reach) {
    case scope::open:
    case scope::health:
    case scope::ops: return test::caller_class::anyone;
    case scope::company: return test::caller_class::company;
    case scope::member: return test::caller_class::member;
    case scope::admin: return test::caller_class::admin;
    case scope::integration: return test::caller_class::key_or_admin;
    case scope::journey: return test::caller_class::journey;
  }
  return {};
}

std::set<std::string> words(std::string_view text) {
  std::istringstream from{std::string(text)};
  return {std::istream_iterator<std::string>(from), {}};
}

TEST(Description, KnowsEveryRouteAndNoOther) {
  std::set<std::string> routed;
  for (const route& each : routes()) {
    EXPECT_TRUE(routed.insert(std::string(each.method) + " " + std::string(each.pattern)).second) << each.pattern;
  }
  std::set<std::string> written;
  for (const test::operation& each : described().operations()) written.insert(each.name());
  EXPECT_EQ(routed, written);
}

TEST(Description, SaysWhoMayCallAndWithWhat) {
  for (const route& each : routes()) {
    const test::operation* as = find(each);
    if (!as) continue;
    EXPECT_EQ(as->callers, documented(each.reach)) << as->name() << ": its security is not its scope";
    EXPECT_EQ(as->has_plain_errors(), each.errors != error_form::problem) << as->name();
    const std::string_view query = each.query == any_query ? "" : each.query;
    EXPECT_EQ(std::set(as->query.begin(), as->query.end()), words(query)) << as->name();
    const std::string_view type = each.body == body_kind::json          ? "application/json"
                                  : each.body == body_kind::json_or_csv ? "application/json"
                                  : each.body == body_kind::ndjson      ? "application/x-ndjson"
                                                                        : "";
    EXPECT_EQ(as->content_type, type) << as->name();
    EXPECT_EQ(as->example.empty(), type.empty()) << as->name() << ": a body needs an example, which tests send";
  }
}

TEST(Description, NamesEachOperationOnceAndEveryParameterOfAPath) {
  std::set<std::string> ids;
  for (const auto& [path, methods] : described().document().at("paths").as_object()) {
    for (const auto& [method, operation] : methods.as_object()) {
      const std::string where = std::string(method) + " " + std::string(path);
      EXPECT_TRUE(ids.insert(std::string(operation.at("operationId").as_string())).second) << where;
      std::set<std::string> named;
      if (const auto* parameters = operation.as_object().if_contains("parameters")) {
        for (const json::value& each : parameters->as_array()) {
          const json::object& parameter = described().resolve(each);
          if (parameter.at("in") == "path") named.insert(std::string(parameter.at("name").as_string()));
        }
      }
      std::set<std::string> braced;
      const std::string text(path);
      for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
        braced.insert(text.substr(at + 1, text.find('}', at) - at - 1));
      }
      EXPECT_EQ(named, braced) << where;
    }
  }
}

}  // namespace
}  // namespace posthorn::api
