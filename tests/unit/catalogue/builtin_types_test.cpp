#include "catalogue/builtin_types.hpp"
#include "base/json_text.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "policy/json_values.hpp"
#include "support/paths.hpp"

namespace posthorn::catalogue {
namespace {

namespace json = boost::json;
using base::fault;
using pointers = std::vector<std::string>;

std::string vector_text(const std::string& type) {
  std::ifstream file(test::vector_path("events/" + type + ".json"));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

pointers broken_at(const base::result<void>& verdict) {
  pointers all;
  if (verdict) return all;
  for (const base::field_error& each : verdict.error().fields) all.push_back(each.pointer);
  return all;
}

// Every member of every object in `of`, as paths.
void member_paths(const json::value& of, const std::string& at, std::vector<std::string>& out) {
  if (const json::object* object = of.if_object()) {
    for (const auto& [name, value] : *object) {
      const std::string here = base::pointer_to(at, name);
      out.push_back(here);
      member_paths(value, here, out);
    }
  } else if (const json::array* array = of.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) member_paths((*array)[i], at + "/" + std::to_string(i), out);
  }
}

json::value& at(json::value& document, const std::string& pointer) {
  const json::value* found = policy::value_at(document, policy::pointer_path(pointer).value());
  return const_cast<json::value&>(*found);
}

std::pair<std::string, std::string> split(const std::string& pointer) {
  const std::size_t slash = pointer.rfind('/');
  return {pointer.substr(0, slash), pointer.substr(slash + 1)};
}

class BuiltinType : public testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] const builtin_type& type() const { return *find_builtin(GetParam()); }
  [[nodiscard]] json::value example() const { return json::parse(type().value.example); }
};

TEST_P(BuiltinType, HasTheContractsExampleWhichPasses) {
  ASSERT_NE(find_builtin(GetParam()), nullptr);
  EXPECT_EQ(type().value.name, GetParam());
  EXPECT_FALSE(type().value.description.empty());
  EXPECT_EQ(type().value.example, vector_text(GetParam()));
  EXPECT_EQ(broken_at(type().schema.check(example())), pointers{});
}

// What may be left out is listed: everything else is required, and named where it is missing.
TEST_P(BuiltinType, NamesEachRequiredFieldThatIsMissing) {
  const std::set<std::string> optional = {
      "expiryReminderSent",           "_lessonActiveIds", "createdAt", "updatedAt", "__v", "ruleData/description",
      "ruleData/validityDurationDays"};
  std::vector<std::string> all;
  member_paths(example(), "", all);
  std::size_t required = 0;
  for (const std::string& pointer : all) {
    json::value document = example();
    const auto [parent, name] = split(pointer);
    at(document, parent).as_object().erase(name);
    const auto verdict = type().schema.check(document);
    if (optional.contains(pointer.substr(1))) {
      EXPECT_TRUE(verdict) << pointer;
      continue;
    }
    ++required;
    EXPECT_EQ(broken_at(verdict), pointers{pointer});
    if (!verdict) {
      EXPECT_EQ(verdict.error().code, fault::missing_field) << pointer;
    }
  }
  EXPECT_GE(required, 7u);
}

TEST_P(BuiltinType, NamesEachFieldOfAWrongType) {
  std::vector<std::string> all;
  member_paths(example(), "", all);
  for (const std::string& pointer : all) {
    if (pointer.ends_with("/flags")) continue;  // null is no array
    json::value document = example();
    at(document, pointer) = nullptr;
    const auto verdict = type().schema.check(document);
    EXPECT_EQ(broken_at(verdict), pointers{pointer});
    if (!verdict) {
      EXPECT_EQ(verdict.error().code, fault::invalid_field) << pointer;
    }
  }
}

TEST_P(BuiltinType, AllowsFieldsThatItDoesNotKnowEverywhere) {
  std::vector<std::string> all{""};
  member_paths(example(), "", all);
  json::value document = example();
  for (const std::string& pointer : all) {
    if (json::object* object = at(document, pointer).if_object()) (*object)["x_new"] = json::array{1, "two"};
  }
  EXPECT_EQ(broken_at(type().schema.check(document)), pointers{});
}

INSTANTIATE_TEST_SUITE_P(All, BuiltinType,
                         testing::Values("application.complete", "application.incomplete", "application.expired",
                                         "application.cancelled", "psychometric_score.complete",
                                         "android_score.complete", "ios_score.complete", "certificate_completed",
                                         "certificate_expired"),
                         [](const auto& given) {
                           std::string name = given.param;
                           std::ranges::replace(name, '.', '_');
                           return name;
                         });

TEST(BuiltinTypes, AreTheNineOfTheContractAndSorted) {
  EXPECT_EQ(builtin_types().size(), 9u);
  EXPECT_TRUE(std::ranges::is_sorted(builtin_types(), {}, [](const builtin_type& each) { return each.value.name; }));
  EXPECT_EQ(find_builtin("application.complet"), nullptr);
  EXPECT_EQ(find_builtin(""), nullptr);
  EXPECT_EQ(find_builtin("zzz"), nullptr);
}

struct wrong_value {
  const char* type;
  const char* pointer;
  const char* value;
  const char* says;
};

class WrongValue : public testing::TestWithParam<wrong_value> {};

TEST_P(WrongValue, IsNamedWithItsRule) {
  const builtin_type& type = *find_builtin(GetParam().type);
  json::value document = json::parse(type.value.example);
  at(document, GetParam().pointer) = json::parse(GetParam().value);
  const auto verdict = type.schema.check(document);
  ASSERT_EQ(broken_at(verdict), pointers{GetParam().pointer});
  EXPECT_NE(verdict.error().fields.front().detail.find(GetParam().says), std::string::npos)
      << verdict.error().fields.front().detail;
}

INSTANTIATE_TEST_SUITE_P(
    Table, WrongValue,
    testing::Values(
        wrong_value{"application.complete", "/event/type", R"("application.expired")",
                    R"(must be "application.complete")"},
        wrong_value{"application.complete", "/event/details/application_started_at", "1652882892.5", "an integer"},
        wrong_value{"application.complete", "/event/details/application_started_at", R"("1652882892")", "an integer"},
        wrong_value{"application.complete", "/event/details/application_completed_at", "-1", "at least 0"},
        wrong_value{"application.complete", "/uid", R"("a b")", "pattern"},
        wrong_value{"application.complete", "/integration_id", "12345678901234567890", "a string"},
        wrong_value{"application.expired", "/event/details/percentage_completed", "0.5", "a string"},
        wrong_value{"application.expired", "/event/details/percentage_completed", R"("50%")", "pattern"},
        wrong_value{"application.incomplete", "/event/reasons", R"("Missing data")", "an array"},
        wrong_value{"application.cancelled", "/event/reasons/0", "7", "a string"},
        wrong_value{"psychometric_score.complete", "/event/details/platform", R"("IOS")", R"(must be "WEB")"},
        wrong_value{"psychometric_score.complete", "/event/details/calculated/score", "42.5", "an integer"},
        wrong_value{"psychometric_score.complete", "/event/details/calculated/risk_band", R"("LARGE")",
                    R"(one of "LOW", "MEDIUM", "HIGH")"},
        wrong_value{"psychometric_score.complete", "/event/details/calculated/traits/11/risk_band", R"("low")",
                    R"(one of "LOW", "MEDIUM", "HIGH")"},
        wrong_value{"psychometric_score.complete", "/event/details/calculated/traits/3/value", R"("52")", "an integer"},
        wrong_value{"android_score.complete", "/event/details/platform", R"("android")", R"(must be "ANDROID")"},
        wrong_value{"ios_score.complete", "/event/details/permissions_denied", "{}", "an array"},
        wrong_value{"certificate_completed", "/_id", R"("656f")", "pattern"},
        wrong_value{"certificate_completed", "/expires", "1768473000", "a string"},
        wrong_value{"certificate_expired", "/disabled", R"("true")", "true or false"},
        wrong_value{"certificate_expired", "/ruleData/validityDurationDays", "-1", "at least 0"}));

TEST(WrongValues, AreAllNamedUpToTheLimit) {
  const builtin_type& type = *find_builtin("psychometric_score.complete");
  json::value document = json::parse(type.value.example);
  at(document, "/event/details").as_object().clear();
  EXPECT_EQ(broken_at(type.schema.check(document)).size(), 6u);
  document = json::parse(type.value.example);
  json::array& traits = at(document, "/event/details/calculated/traits").as_array();
  for (json::value& trait : traits) trait = json::object{};
  EXPECT_EQ(broken_at(type.schema.check(document)).size(), base::limits::field_errors_max);
}

}  // namespace
}  // namespace posthorn::catalogue
