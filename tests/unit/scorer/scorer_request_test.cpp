// docs/scoring.md, "An external scorer": what is posted, byte by byte.
#include "scorer/scorer_request.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/id.hpp"

namespace posthorn::scorer {
namespace {

namespace json = boost::json;

store::integration_entry integration() {
  store::integration_entry made;
  made.value.integration_id = "57410238947230984723";
  made.value.env = model::environment::production;
  model::api_key key;
  key.text = "ph_prod_secret";
  made.keys = {key};
  return made;
}

store::session_record session(model::platform platform, std::string given) {
  store::session_record made;
  made.value.id = 77;
  made.value.uid = "applicant-0001";
  made.value.platform = platform;
  made.value.ended_at = 1'767'225'600'999;
  made.given = std::move(given);
  return made;
}

TEST(scorer_request, has_the_answers_and_how_they_were_given) {
  const auto body =
      request_body(integration().value, session(model::platform::web, R"({"items":{"q01":[4,2300,1],"q02":[1,0,0]},)"
                                                                      R"("visits":{"a":[1,1000],"b":[2,3000]}})"));
  ASSERT_TRUE(body) << body.error().detail;
  EXPECT_EQ(json::parse(*body), json::parse(R"({"session_id":")" + base::format_id(base::session_prefix, 77) +
                                            R"(","integration_id":"57410238947230984723","environment":"production",
    "uid":"applicant-0001","platform":"WEB","completed_at":1767225600,"questionnaire":{"key":"default","version":1},
    "answers":[{"item":"q01","choice":4,"time_ms":2300,"changes":1},{"item":"q02","choice":1,"time_ms":null,"changes":0}],
    "focus_lost":3,"away_ms":4000})"));
}

TEST(scorer_request, of_a_device_has_its_data) {
  const auto body = request_body(
      integration().value,
      session(
          model::platform::ios,
          R"({"features":{"contacts_count":12},"permissions_granted":["contacts"],"permissions_denied":["camera"]})"));
  ASSERT_TRUE(body) << body.error().detail;
  const json::object sent = json::parse(*body).as_object();
  EXPECT_EQ(sent.at("platform"), "IOS");
  EXPECT_EQ(sent.at("features").at("contacts_count").to_number<int>(), 12);
  EXPECT_EQ(sent.at("permissions_granted"), json::array{"contacts"});
  EXPECT_EQ(sent.at("permissions_denied"), json::array{"camera"});
  EXPECT_FALSE(sent.contains("answers"));
}

TEST(scorer_request, whose_session_cannot_be_read_fails) {
  EXPECT_FALSE(request_body(integration().value, session(model::platform::web, "[]")));
}

TEST(scorer_request, is_signed_and_named_by_its_session) {
  const auto to = net::parse_endpoint_url("https://scores.example:8443/v1?a=b", {});
  ASSERT_TRUE(to);
  const auto head = request_head(*to, "Posthorn/1", integration(), 77, "{}", 1'767'225'600'999);
  ASSERT_TRUE(head) << head.error().detail;
  EXPECT_TRUE(head->starts_with("POST /v1?a=b HTTP/1.1\r\nHost: scores.example:8443\r\n")) << *head;
  EXPECT_TRUE(head->ends_with("\r\n\r\n"));
  for (const std::string& line :
       {std::string("Content-Length: 2"), "webhook-id: " + base::format_id(base::session_prefix, 77),
        std::string("webhook-timestamp: 1767225600"), std::string("Content-Type: application/json")}) {
    EXPECT_NE(head->find("\r\n" + line + "\r\n"), std::string::npos) << line;
  }
  EXPECT_NE(head->find("\r\nX-Signature: "), std::string::npos);
  EXPECT_EQ(head->find("ph_prod_secret"), std::string::npos);
}

}  // namespace
}  // namespace posthorn::scorer
