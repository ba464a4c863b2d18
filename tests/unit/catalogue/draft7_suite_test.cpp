// The official tests of JSON Schema draft 7 (github.com/json-schema-org/JSON-Schema-Test-Suite, as in jsonschema
// 4.17.3): judged as it says, or refused because of a reference to elsewhere.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "catalogue/json_schema.hpp"
#include "support/paths.hpp"

namespace posthorn::catalogue {
namespace {

namespace json = boost::json;

json::array suite() {
  std::ifstream file(test::vector_path("json_schema/draft7.json"));
  return json::parse(std::string(std::istreambuf_iterator<char>(file), {})).as_array();
}

std::string text(const json::value& of) { return std::string(of.as_string()); }

// What the refusal's pointer ends with says why: another document, or another base address.
bool is_on_purpose(const base::error& refusal) {
  const std::string& at = refusal.fields.front().pointer;
  return at.ends_with("/$ref") || at.ends_with("/$id");
}

TEST(Draft7Suite, EveryGroupIsJudgedAsTheSuiteSaysOrRefusedForAReferenceToElsewhere) {
  std::size_t judged = 0;
  std::map<std::string, int> refused;
  for (const json::value& group : suite()) {
    const std::string name = text(group.at("file")) + ": " + text(group.at("description"));
    const auto schema = json_schema::compile(group.at("schema"));
    if (!schema) {
      EXPECT_TRUE(is_on_purpose(schema.error())) << name << ": " << schema.error().detail;
      ++refused[text(group.at("file"))];
      continue;
    }
    for (const json::value& test : group.at("tests").as_array()) {
      const auto verdict = schema->check(test.at("data"));
      EXPECT_EQ(verdict.has_value(), test.at("valid").as_bool())
          << name << ": " << text(test.at("description")) << (verdict ? "" : " [" + verdict.error().detail + "]");
      ++judged;
    }
  }
  EXPECT_EQ(judged, 797u);
  EXPECT_EQ(refused, (std::map<std::string, int>{
                         {"definitions", 1}, {"id", 1}, {"ref", 11}, {"refRemote", 10}, {"unknownKeyword", 1}}));
}

}  // namespace
}  // namespace posthorn::catalogue
