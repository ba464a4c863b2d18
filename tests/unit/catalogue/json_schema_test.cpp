// Beside the official suite: where the places are named, and what a hostile schema or document may cost.
#include "catalogue/json_schema.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "base/limits.hpp"

namespace posthorn::catalogue {
namespace {

namespace json = boost::json;
namespace limits = base::limits;
using pointers = std::vector<std::string>;

pointers broken_at(const base::error& of) {
  pointers all;
  for (const base::field_error& each : of.fields) all.push_back(each.pointer);
  return all;
}

pointers check(std::string_view schema, std::string_view document) {
  const auto compiled = json_schema::compile(json::parse(json::string_view(schema.data(), schema.size())));
  if (!compiled) return {"schema" + compiled.error().detail};
  const auto verdict = compiled->check(json::parse(json::string_view(document.data(), document.size())));
  return verdict ? pointers{} : broken_at(verdict.error());
}

struct refused_schema {
  const char* schema;
  const char* pointer;
};

class RefusedSchema : public testing::TestWithParam<refused_schema> {};

TEST_P(RefusedSchema, IsNamedByItsPlace) {
  const auto compiled = json_schema::compile(json::parse(GetParam().schema));
  ASSERT_FALSE(compiled) << GetParam().schema;
  EXPECT_EQ(broken_at(compiled.error()), pointers{GetParam().pointer}) << compiled.error().detail;
}

INSTANTIATE_TEST_SUITE_P(
    Table, RefusedSchema,
    testing::Values(
        refused_schema{"7", ""}, refused_schema{"null", ""}, refused_schema{R"({"type":"text"})", "/type"},
        refused_schema{R"({"type":[]})", "/type"}, refused_schema{R"({"type":["string",1]})", "/type"},
        refused_schema{R"({"enum":[]})", "/enum"}, refused_schema{R"({"enum":"a"})", "/enum"},
        refused_schema{R"({"multipleOf":0})", "/multipleOf"}, refused_schema{R"({"minimum":"1"})", "/minimum"},
        refused_schema{R"({"exclusiveMinimum":true})", "/exclusiveMinimum"},
        refused_schema{R"({"maxLength":-1})", "/maxLength"}, refused_schema{R"({"maxLength":1.5})", "/maxLength"},
        refused_schema{R"x({"pattern":"("})x", "/pattern"}, refused_schema{R"({"pattern":1})", "/pattern"},
        refused_schema{R"x({"pattern":"a(?=b)"})x", "/pattern"},
        refused_schema{R"x({"pattern":"(a)\\1"})x", "/pattern"},
        refused_schema{R"({"patternProperties":{"a/[":{}}})", "/patternProperties/a~1["},
        refused_schema{R"({"items":3})", "/items"}, refused_schema{R"({"items":[{},3]})", "/items/1"},
        refused_schema{R"({"uniqueItems":1})", "/uniqueItems"}, refused_schema{R"({"required":"a"})", "/required"},
        refused_schema{R"({"required":[1]})", "/required"}, refused_schema{R"({"properties":[]})", "/properties"},
        refused_schema{R"({"properties":{"a":{"type":"x"}}})", "/properties/a/type"},
        refused_schema{R"({"allOf":[]})", "/allOf"}, refused_schema{R"({"anyOf":{}})", "/anyOf"},
        refused_schema{R"({"definitions":{"a":{"minItems":"1"}}})", "/definitions/a/minItems"},
        refused_schema{R"({"dependencies":{"a":[1]}})", "/dependencies/a"},
        refused_schema{R"({"$ref":"http://example.org/s.json"})", "/$ref"},
        refused_schema{R"({"$ref":"other.json#/a"})", "/$ref"},
        refused_schema{R"({"properties":{"a":{"$ref":"#/definitions/none"}}})", "/properties/a/$ref"},
        refused_schema{R"({"$ref":7})", "/$ref"},
        refused_schema{R"({"properties":{"a":{"$id":"#a"}}})", "/properties/a/$id"},
        refused_schema{R"({"$schema":"https://json-schema.org/draft/2020-12/schema"})", "/$schema"},
        refused_schema{R"({"unevaluatedProperties":false})", "/unevaluatedProperties"},
        refused_schema{R"({"$ref":"#"})", ""}, refused_schema{R"({"allOf":[{"$ref":"#"}]})", ""},
        refused_schema{R"({"not":{"if":{"anyOf":[true,{"$ref":"#"}]}}})", ""},
        refused_schema{R"({"dependencies":{"a":{"$ref":"#"}}})", ""}));

TEST(JsonSchema, NamesEveryFaultOfASchema) {
  const auto compiled = json_schema::compile(json::parse(R"({"type":"x","minimum":"1","required":[2]})"));
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().fields.size(), 3u);
}

TEST(JsonSchema, NamesPlacesByEscapedPointers) {
  EXPECT_EQ(check(R"({"properties":{"a/b":{"items":{"required":["c~d"]}}}})", R"({"a/b":[{"c~d":1},{}]})"),
            pointers{"/a~1b/1/c~0d"});
  EXPECT_EQ(check(R"({"additionalProperties":false,"properties":{"a":{}}})", R"({"a":1,"b":2})"), pointers{"/b"});
  EXPECT_EQ(check(R"({"propertyNames":{"maxLength":2}})", R"({"abc":1})"), pointers{"/abc"});
  EXPECT_EQ(check(R"({"dependencies":{"a":["b"]}})", R"({"a":1})"), pointers{"/b"});
  EXPECT_EQ(check(R"({"uniqueItems":true})", "[1,2,1.0]"), pointers{"/2"});
  EXPECT_EQ(check(R"({"if":{"required":["a"]},"then":{"properties":{"a":{"type":"string"}}}})", R"({"a":1})"),
            pointers{"/a"});
}

TEST(JsonSchema, TellsNothingOfBranchesThatNeedNotHold) {
  const char* const either = R"({"anyOf":[{"required":["a"]},{"required":["b"]}]})";
  EXPECT_EQ(check(either, R"({"b":1})"), pointers{});
  EXPECT_EQ(check(either, R"({"c":1})"), pointers{""});
  EXPECT_EQ(check(R"({"not":{"required":["a"]}})", R"({"a":1})"), pointers{""});
  EXPECT_EQ(check(R"({"contains":{"const":3}})", "[1,2]"), pointers{""});
}

TEST(JsonSchema, ComparesNumbersExactly) {
  EXPECT_EQ(check(R"({"maximum":9007199254740992})", "9007199254740993"), pointers{""});
  EXPECT_EQ(check(R"({"const":18446744073709551615})", "18446744073709551615"), pointers{});
  EXPECT_EQ(check(R"({"type":"integer"})", "1e300"), pointers{});
  EXPECT_EQ(check(R"({"multipleOf":0.01})", "19.99"), pointers{});
  EXPECT_EQ(check(R"({"multipleOf":0.01})", "19.995"), pointers{""});
}

TEST(JsonSchema, FollowsItselfDownADocument) {
  const char* const tree = R"({"properties":{"left":{"$ref":"#"},"value":{"type":"integer"}},"required":["value"]})";
  EXPECT_EQ(check(tree, R"({"value":1,"left":{"value":2,"left":{"value":"3"}}})"), pointers{"/left/left/value"});
}

TEST(JsonSchema, RefusesChainsThatAreTooLong) {
  std::string nested = "true";
  for (std::size_t i = 0; i + 1 < limits::schema_chain_max; ++i) nested = R"({"not":)" + nested + "}";
  json::parse_options deep;
  deep.max_depth = 200;
  EXPECT_TRUE(json_schema::compile(json::parse(nested, {}, deep)));
  EXPECT_FALSE(json_schema::compile(json::parse(R"({"not":)" + nested + "}", {}, deep)));
}

TEST(JsonSchema, TellsMembersThatNobodyAskedFor) {
  const auto schema = json_schema::compile(json::parse(R"({"properties":{"a":true},"additionalProperties":false})"));
  const auto verdict = schema.value().check(json::parse(R"({"a":1,"b":2})"));
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, base::fault::unknown_field);
  EXPECT_EQ(verdict.error().detail, "/b: is not known here: remove it, or correct its name");
}

// What is cheap once is dear where twelve levels of alternatives ask for it 4,096 times.
TEST(JsonSchema, CountsNamesAndValuesAsSteps) {
  json::array names;
  json::object properties;
  json::object document;
  for (int i = 0; i < 2'000; ++i) {
    const std::string name = "n" + std::to_string(i);
    names.emplace_back(name);
    properties[name] = true;
    document[name] = 1;
  }
  const json::array lists{names, json::array{1, names}};
  json::array choices;  // of one array in braces some compilers make a copy
  choices.emplace_back(names);
  const std::vector<std::pair<json::object, json::value>> dear{
      {{{"required", names}}, document},
      {{{"properties", properties}}, json::object{}},
      {{{"dependencies", json::object{{"n0", names}}}}, document},
      {{{"enum", choices}}, names},
      {{{"const", names}}, names},
      {{{"uniqueItems", true}}, lists},
  };
  for (const auto& [last, of] : dear) {
    json::object parts{{"d0", last}};
    for (int i = 1; i <= 12; ++i) {
      const json::object below{{"$ref", "#/definitions/d" + std::to_string(i - 1)}};
      parts["d" + std::to_string(i)] = json::object{{"allOf", json::array{below, below}}};
    }
    const json::object schema{{"definitions", parts}, {"$ref", "#/definitions/d12"}};
    const auto verdict = json_schema::compile(schema).value().check(of);
    ASSERT_FALSE(verdict) << json::serialize(last).substr(0, 40);
    EXPECT_NE(verdict.error().detail.find("steps"), std::string::npos) << verdict.error().detail;
  }
}

// Twice as many ways at each level: 2^40 without a bound.
TEST(JsonSchema, GivesUpOnADocumentThatTakesTooManySteps) {
  const char* const doubling =
      R"({"allOf":[{"properties":{"x":{"$ref":"#"}}},{"properties":{"x":{"$ref":"#"}}}],"type":"object"})";
  std::string document = "{}";
  for (int i = 0; i < 30; ++i) document = R"({"x":)" + document + "}";
  const auto schema = json_schema::compile(json::parse(doubling)).value();
  const auto verdict = schema.check(json::parse(document));
  ASSERT_FALSE(verdict);
  EXPECT_EQ(broken_at(verdict.error()), pointers{""});
  EXPECT_NE(verdict.error().detail.find("steps"), std::string::npos);
  // Neither does a negation make a refusal of what was given up.
  const auto negated =
      json_schema::compile(json::parse(std::string(R"({"not":{"$ref":"#/definitions/d"},"definitions":{"d":)") +
                                       R"({"allOf":[{"properties":{"x":{"$ref":"#/definitions/d"}}},)"
                                       R"({"properties":{"x":{"$ref":"#/definitions/d"}}}]}}})"))
          .value();
  EXPECT_FALSE(negated.check(json::parse(document)));
}

TEST(JsonSchema, SearchesLongStringsAndManyItemsInBoundedTime) {
  const std::string letters = '"' + std::string(limits::payload_bytes_max, 'a') + '"';
  EXPECT_EQ(check(R"({"pattern":"^(a|b|ab)*$"})", letters), pointers{});
  EXPECT_EQ(check(R"({"pattern":"^(a+)+$"})", letters.substr(0, 1000) + "!\""), pointers{""});
  std::string items = "[0";
  for (int i = 1; i < 100'000; ++i) items += "," + std::to_string(i);
  EXPECT_EQ(check(R"({"uniqueItems":true})", items + "]"), pointers{""}) << "given up";
  EXPECT_EQ(check(R"({"items":{"type":"integer"}})", items + "]"), pointers{});
}

TEST(JsonSchema, HasBoundedPatterns) {
  EXPECT_FALSE(json_schema::compile(json::object{{"pattern", std::string(limits::schema_pattern_bytes_max + 1, 'a')}}));
  json::object many;
  for (std::size_t i = 0; i <= limits::schema_patterns_max; ++i) many["a" + std::to_string(i)] = true;
  EXPECT_FALSE(json_schema::compile(json::object{{"patternProperties", many}}));
}

}  // namespace
}  // namespace posthorn::catalogue
