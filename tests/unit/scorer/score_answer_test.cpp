// docs/scoring.md, "An external scorer": which answers are scores, and what is said of the others.
#include "scorer/score_answer.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "support/paths.hpp"

namespace posthorn::scorer {
namespace {

store::session_record on(model::platform platform) {
  store::session_record made;
  made.value.platform = platform;
  if (platform != model::platform::web) {
    made.given = R"({"features":{"a":1},"permissions_granted":["contacts"],"permissions_denied":["location"]})";
  }
  return made;
}

std::string problem(std::string_view body, model::platform platform = model::platform::web) {
  const auto read = read_score(body, on(platform));
  return read ? "a score" : read.error().detail;
}

// The page's last block.
std::string documented_answer() {
  std::ifstream file(test::tree_path("docs/scoring.md"));
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const std::size_t from = page.rfind("```json\n") + 8;
  return page.substr(from, page.find("```", from) - from);
}

TEST(score_answer, that_is_documented_is_a_score) {
  const auto read = read_score(documented_answer(), on(model::platform::web));
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(std::get<model::psychometric_score>(*read),
            (model::psychometric_score{.score = 71,
                                       .band = model::risk_band::low,
                                       .confidence = model::score_confidence::high,
                                       .traits = {{"order", 88, model::risk_band::low}},
                                       .flags = {"TOO_FAST"},
                                       .quality = {}}));
}

TEST(score_answer, of_a_device_has_the_sessions_own_permissions) {
  const auto read = read_score(R"({"score":0,"risk_band":"HIGH","other":[1]})", on(model::platform::android));
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(std::get<model::device_score>(*read),
            (model::device_score{0, model::risk_band::high, {"contacts"}, {"location"}}));
}

TEST(score_answer, without_traits_and_flags_is_a_score) {
  EXPECT_EQ(problem(R"({"score":100,"risk_band":"LOW","score_confidence":"LOW"})"), "a score");
}

TEST(score_answer, that_is_none_is_named_by_place_and_rule) {
  const std::string head = R"({"score":50,"risk_band":"LOW","score_confidence":"LOW",)";
  const std::string trait = R"({"key":"a","value":1,"risk_band":"LOW"})";
  const struct {
    std::string body, says;
  } cases[] = {
      {"", "not JSON"},
      {"<html>", "not JSON"},
      {std::string(100, '['), "not JSON"},
      {"[]", "not an object"},
      {"{}", "/score must be a whole number from 0 to 100"},
      {R"({"score":101,"risk_band":"LOW","score_confidence":"LOW"})", "/score"},
      {R"({"score":-1,"risk_band":"LOW","score_confidence":"LOW"})", "/score"},
      {R"({"score":50.5,"risk_band":"LOW","score_confidence":"LOW"})", "/score"},
      {R"({"score":18446744073709551615,"risk_band":"LOW","score_confidence":"LOW"})", "/score"},
      {R"({"score":"50","risk_band":"LOW","score_confidence":"LOW"})", "/score"},
      {R"({"score":50,"risk_band":"low","score_confidence":"LOW"})", "/risk_band"},
      {R"({"score":50,"score_confidence":"LOW"})", "/risk_band"},
      {R"({"score":50,"risk_band":"LOW"})", "/score_confidence"},
      {R"({"score":50,"risk_band":"LOW","score_confidence":5})", "/score_confidence"},
      {head + R"("traits":{}})", "/traits must be a list"},
      {head + R"("traits":[5]})", "/traits/0 must be an object"},
      {head + R"("traits":[{"key":"","value":1,"risk_band":"LOW"}]})", "/traits/0/key"},
      {head + R"("traits":[)" + trait + R"(,{"key":"b","value":1000,"risk_band":"LOW"}]})", "/traits/1/value"},
      {head + R"("traits":[{"key":"a","value":1}]})", "/traits/0/risk_band"},
      {head + R"("traits":[)" + trait + "," + trait + "]}", "/traits/1/key is there twice"},
      {head + R"("flags":"X"})", "/flags must be a list"},
      {head + R"("flags":["X",null]})", "/flags/1"},
      {head + R"("flags":[")" + std::string(121, 'x') + R"("]})", "/flags/0"},
  };
  for (const auto& each : cases) EXPECT_NE(problem(each.body).find(each.says), std::string::npos) << problem(each.body);
}

}  // namespace
}  // namespace posthorn::scorer
