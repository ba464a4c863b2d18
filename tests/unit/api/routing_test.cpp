#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "api/description.hpp"
#include "api/routes.hpp"

namespace posthorn::api {
namespace {

std::string found(std::string_view method, std::string_view path) {
  const route_match match = match_route(routes(), method, path);
  return match.found == nullptr ? "" : std::string(match.found->method) + " " + std::string(match.found->pattern);
}

TEST(Routing, FindsFixedAndVariableSegments) {
  EXPECT_EQ(found("POST", "/v1/events"), "POST /v1/events");
  EXPECT_EQ(found("POST", "/v1/events/batch"), "POST /v1/events/batch");
  EXPECT_EQ(found("GET", "/v1/events/evt_1"), "GET /v1/events/{id}");
  EXPECT_EQ(found("GET", "/v1/events/evt_1/payload"), "GET /v1/events/{id}/payload");
  EXPECT_EQ(found("POST", "/v1/integrations/12/keys/rotate"), "POST /v1/integrations/{integration_id}/keys/rotate");
  EXPECT_EQ(match_route(routes(), "GET", "/v1/events/evt_1/payload").values.text[0], "evt_1");
}

TEST(Routing, TakesAllThatIsLeftAsOneValue) {
  EXPECT_EQ(found("GET", "/console/"), "GET /console/");
  EXPECT_EQ(match_route(routes(), "GET", "/console/12/events/evt_1").values.text[0], "12/events/evt_1");
  EXPECT_EQ(match_route(routes(), "GET", "/console/a.js").values.text[0], "a.js");
}

TEST(Routing, FindsNothingElse) {
  for (const std::string_view path :
       {"/none", "/v1", "/v1/", "/v1/events/", "//v1/events", "/v1/events/x/y", "/V1/events", "/v1/events/{id}/",
        "/v1/eventsx", "/v1/%65vents", "*", "/v1/endpoints//enable"}) {
    const route_match match = match_route(routes(), "GET", path);
    EXPECT_EQ(match.found, nullptr) << path;
    EXPECT_EQ(match.place, routes().size());
    EXPECT_EQ(match.allow, "") << path;
  }
}

TEST(Routing, NamesTheMethodsThatAPathTakes) {
  EXPECT_EQ(match_route(routes(), "PUT", "/v1/events").allow, "POST, GET, HEAD");
  EXPECT_EQ(match_route(routes(), "POST", "/v1/endpoints/ep_1").allow, "GET, HEAD, PATCH, DELETE");
  EXPECT_EQ(match_route(routes(), "GET", "/v1/endpoints/ep_1/enable").allow, "POST");
  EXPECT_EQ(match_route(routes(), "post", "/v1/events").found, nullptr);
}

TEST(Routing, ContentTypes) {
  for (const std::string_view good :
       {"", "application/json", "Application/JSON; charset=utf-8", "application/json ;x"}) {
    EXPECT_TRUE(takes_content_type(body_kind::json, good)) << good;
  }
  for (const std::string_view bad : {"text/plain", "application/jsonx", "application/x-ndjson", ";"}) {
    EXPECT_FALSE(takes_content_type(body_kind::json, bad)) << bad;
  }
  EXPECT_TRUE(takes_content_type(body_kind::ndjson, "application/x-ndjson"));
  EXPECT_FALSE(takes_content_type(body_kind::ndjson, "application/json"));
  EXPECT_TRUE(takes_content_type(body_kind::json_or_csv, "text/csv; charset=utf-8"));
  EXPECT_TRUE(takes_content_type(body_kind::json_or_csv, "application/json"));
  EXPECT_FALSE(takes_content_type(body_kind::json_or_csv, "text/plain"));
  EXPECT_FALSE(takes_content_type(body_kind::json, "text/csv"));
  EXPECT_TRUE(is_csv("Text/CSV;header=present"));
  EXPECT_FALSE(is_csv(""));
  EXPECT_TRUE(takes_content_type(body_kind::none, "image/png"));
}

std::string upper(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

// The names of an operation's parameters in the query, references followed.
std::set<std::string> query_names(const boost::json::value& document, const boost::json::object& operation) {
  std::set<std::string> names;
  if (!operation.contains("parameters")) return names;
  for (const boost::json::value& given : operation.at("parameters").as_array()) {
    const boost::json::object* parameter = &given.as_object();
    if (const auto* reference = parameter->if_contains("$ref")) {
      parameter = &document.at_pointer(std::string(reference->as_string()).substr(1)).as_object();
    }
    if (parameter->at("in") == "query") names.emplace(parameter->at("name").as_string());
  }
  return names;
}

TEST(Routing, TheDescriptionHasExactlyTheTablesRoutes) {
  const boost::json::value document = boost::json::parse(description());
  std::set<std::string> described;
  std::map<std::string, std::set<std::string>> described_queries;
  for (const auto& path : document.at("paths").as_object()) {
    for (const auto& operation : path.value().as_object()) {
      const std::string name = upper(operation.key()) + " " + std::string(path.key());
      described.insert(name);
      described_queries[name] = query_names(document, operation.value().as_object());
      EXPECT_TRUE(operation.value().as_object().contains("responses")) << name;
    }
  }
  std::set<std::string> served;
  for (const route& one : routes()) {
    const std::string name = std::string(one.method) + " " + std::string(one.pattern);
    served.insert(name);
    std::set<std::string> queries;
    std::string_view rest = one.query == any_query ? "" : one.query;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      queries.emplace(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    EXPECT_EQ(queries, described_queries[name]) << name;
  }
  EXPECT_EQ(served, described);
}

TEST(Routing, EveryReferenceOfTheDescriptionLeadsSomewhere) {
  const boost::json::value document = boost::json::parse(description());
  std::string_view rest = description();
  constexpr std::string_view mark = "\"$ref\":\"#";
  std::size_t count = 0;
  for (std::size_t at = rest.find(mark); at != std::string_view::npos; at = rest.find(mark, at + 1)) {
    const std::size_t begin = at + mark.size();
    const std::string_view pointer = rest.substr(begin, rest.find('"', begin) - begin);
    boost::json::error_code missing;
    EXPECT_NE(document.find_pointer(pointer, missing), nullptr) << pointer;
    ++count;
  }
  EXPECT_GT(count, 100U);
}

}  // namespace
}  // namespace posthorn::api
