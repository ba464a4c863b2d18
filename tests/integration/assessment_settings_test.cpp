// The settings of assessments, per environment (contract 2.7): kept, shown, merged, and refused by name.
#include <fstream>
#include <memory>

#include "integration/assessments.hpp"
#include "support/paths.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

class assessment_settings : public assessments {
 protected:
  std::string at() const { return "/v1/integrations/" + test_env.integration_id; }
  json::value shown() { return read(at()).at("assessment"); }
  http_answer change(const std::string& assessment) {
    return api().patch(at(), R"({"assessment":)" + assessment + "}");
  }
};

TEST_F(assessment_settings, begin_as_documented_and_survive_a_restart) {
  EXPECT_EQ(shown(), json::parse(R"({"platform":"WEB","use_case":"","time_limit_s":86400,
    "redirects":{"complete":null,"incomplete":null,"cancelled":null,"expired":null},
    "branding":{"name":"","logo_url":null,"colour":null},"privacy_policy_url":null,
    "questionnaire":{"key":"default","version":1},"scorecard":{"key":"default","version":1},"external_scorer":null})"));
  const json::value wanted = json::parse(R"({"platform":"IOS","use_case":"Consumer loans","time_limit_s":3600,
    "redirects":{"complete":"https://a.example/c?x=1","incomplete":"https://a.example/i",
                 "cancelled":"https://a.example/x","expired":"https://a.example/e"},
    "branding":{"name":"Acme Loans","logo_url":"https://a.example/logo.svg","colour":"#1b5e9a"},
    "privacy_policy_url":"https://a.example/privacy",
    "questionnaire":{"key":"default","version":1},"scorecard":{"key":"ios-default","version":1},"external_scorer":null})");
  const http_answer changed = change(json::serialize(wanted));
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(changed.json().at("assessment"), wanted);
  server.restart();
  EXPECT_EQ(shown(), wanted);
  EXPECT_EQ(read(at()).at("retention_days"), 30) << "what is not named stays";

  ASSERT_EQ(change(R"({"branding":{"logo_url":null},"redirects":{"expired":null}})").status, 200);
  EXPECT_EQ(shown().at("branding"), json::parse(R"({"name":"Acme Loans","logo_url":null,"colour":"#1b5e9a"})"));
  EXPECT_EQ(text(shown().at("redirects").at("complete")), "https://a.example/c?x=1");
  EXPECT_TRUE(shown().at("redirects").at("expired").is_null());
}

TEST_F(assessment_settings, show_in_one_environment_alone) {
  const json::value both = server.admin().post("/v1/deployments", R"({"name":"both"})").json().at("environments");
  const auto of = [&](const char* name) { return server.as(text(both.at(name).at("api_key"))); };
  const auto at_of = [&](const char* name) { return "/v1/integrations/" + text(both.at(name).at("integration_id")); };
  const json::value before = of("production").get(at_of("production")).json().at("assessment");
  ASSERT_EQ(of("test").patch(at_of("test"), R"({"assessment":{"time_limit_s":60}})").status, 200);
  EXPECT_EQ(of("production").get(at_of("production")).json().at("assessment"), before);
}

TEST_F(assessment_settings, that_are_wrong_are_refused_by_name_and_change_nothing) {
  const json::value before = read(at());
  const struct {
    const char* assessment;
    const char* pointer;
  } cases[] = {
      {R"("WEB")", "/assessment"},
      {R"({"platform":"PAPER"})", "/assessment/platform"},
      {R"({"time_limit_s":59})", "/assessment/time_limit_s"},
      {R"({"time_limit_s":36000001})", "/assessment/time_limit_s"},
      {R"({"limit":1})", "/assessment/limit"},
      {R"({"redirects":{"scored":null}})", "/assessment/redirects/scored"},
      {R"({"redirects":{"complete":"//a.example/"}})", "/assessment/redirects/complete"},
      {R"({"redirects":{"complete":"javascript:1"}})", "/assessment/redirects/complete"},
      {R"({"redirects":{"complete":"https://a.example/#top"}})", "/assessment/redirects/complete"},
      {R"({"privacy_policy_url":"ftp://a.example/"})", "/assessment/privacy_policy_url"},
      {R"({"branding":{"logo_url":"data:image/png;base64,AA"}})", "/assessment/branding/logo_url"},
      {R"({"branding":{"colour":"red"}})", "/assessment/branding/colour"},
      {R"({"branding":{"colour":"#12345g"}})", "/assessment/branding/colour"},
      {R"({"branding":[]})", "/assessment/branding"},
      {R"({"questionnaire":{"key":"unknown","version":1}})", "/assessment/questionnaire"},
      {R"({"questionnaire":{"key":"default"}})", "/assessment/questionnaire/version"},
      {R"({"scorecard":{"key":"default","version":2}})", "/assessment/scorecard"},
      {R"({"scorecard":{"key":"android-default","version":1}})", "/assessment/scorecard"},
  };
  for (const auto& each : cases) {
    const http_answer refused = change(each.assessment);
    ASSERT_EQ(refused.status, 422) << each.assessment << ": " << refused.body;
    EXPECT_EQ(text(refused.json().at("errors").at(0).at("pointer")), each.pointer) << refused.body;
  }
  EXPECT_EQ(api().patch(at(), "{}").status, 422);
  EXPECT_EQ(read(at()), before);
}

TEST_F(assessment_settings, time_limit_and_platform_are_those_of_the_sessions_creation) {
  ASSERT_EQ(change(R"({"time_limit_s":3600})").status, 200);
  const api_caller anna = person("anna-0001");
  ASSERT_EQ(change(R"({"time_limit_s":60,"platform":"ANDROID","branding":{"name":"New"}})").status, 200);
  const json::value journey = anna.get("/v1/journey").json();
  EXPECT_EQ(journey.at("platform"), "WEB");
  EXPECT_EQ(journey.at("branding").at("name"), "New") << "looks are read anew";
  EXPECT_GT(journey.at("remaining_ms").as_int64(), 60'000);
  EXPECT_LE(journey.at("remaining_ms").as_int64(), 3'600'000);
  EXPECT_EQ(person("ben-00001").get("/v1/journey").json().at("platform"), "ANDROID");
}

// The two documents of docs/scoring.md, as an operator gives them.
class own_documents : public assessments {
 protected:
  own_documents() : own_documents(std::make_unique<temp_directory>()) {}
  explicit own_documents(std::unique_ptr<temp_directory> at)
      : assessments({.flags = {"--assessment-documents", filled(*at)}}), directory(std::move(at)) {}

  static std::string filled(const temp_directory& with) {
    std::ifstream page(tree_path("docs/scoring.md"));
    std::string line;
    for (const char* name : {"/questionnaire.json", "/scorecard.json"}) {
      while (std::getline(page, line) && line != "```json") {
      }
      std::ofstream file(with.path() + name);
      while (std::getline(page, line) && line != "```") file << line << '\n';
    }
    return with.path();
  }

  std::unique_ptr<temp_directory> directory;
};

TEST_F(own_documents, ask_and_score_where_they_are_chosen) {
  const std::string begun_before = "user-00001";
  const api_caller before = consenting(begun_before);
  change_settings(R"({"questionnaire":{"key":"example","version":1},"scorecard":{"key":"example","version":1}})");
  const api_caller caller = consenting("user-00002");
  const auto asked = caller.get("/v1/journey").json();
  EXPECT_EQ(text(asked.at("questionnaire").at("title")), "A small example");
  EXPECT_EQ(answers(caller, R"({"answers":[{"item":"o1","choice":5},{"item":"t1","choice":1},{"item":"o2","choice":1},)"
                            R"({"item":"t2","choice":3}]})")
                .status,
            200);
  EXPECT_EQ(state_of(submit(caller)), "scored");
  EXPECT_EQ(text(before.get("/v1/journey").json().at("questionnaire").at("key")), "default")
      << "a session keeps what it began with";
}

TEST_F(own_documents, with_a_fault_keep_the_server_from_starting) {
  std::ofstream(directory->path() + "/wrong.json") << R"({"sections":[]})";
  EXPECT_EQ(server.terminate(), 0);
  const finished_program ended =
      run_posthorn({"serve", "--data", server.data(), "--assessment-documents", directory->path()});
  EXPECT_NE(ended.status, 0);
  EXPECT_NE(ended.err.find("wrong.json: "), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace posthorn::test
