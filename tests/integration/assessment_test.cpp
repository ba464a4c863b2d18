// System A on the wire (contract 2.2 and 2.5): journeys through the API, and what receivers get of them.
#include "integration/assessments.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

using assessment = assessments;

std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// The same members with values of the same kind, all the way down; of lists, by their first elements.
void expect_same_shape(const json::value& given, const json::value& vector, const std::string& at) {
  ASSERT_EQ(given.kind(), vector.kind()) << at;
  if (given.is_object()) {
    ASSERT_EQ(given.as_object().size(), vector.as_object().size()) << at << ": " << given;
    for (const auto& [name, value] : vector.as_object()) {
      const auto* found = given.as_object().if_contains(name);
      ASSERT_TRUE(found) << at << "/" << name;
      expect_same_shape(*found, value, at + "/" + std::string(name));
    }
  } else if (given.is_array() && !given.as_array().empty() && !vector.as_array().empty()) {
    expect_same_shape(given.at(0), vector.at(0), at + "/0");
  }
}

void expect_as_in_vector(const json::value& given) {
  const std::string type = text(given.at("event").at("type"));
  expect_same_shape(given, json::parse(vector_text(type)), type);
}

// Contract 2.2, application.complete: "the user finishes; precedes the score event of the same uid", and
// psychometric_score.complete: "the psychometric score is ready".
TEST_F(assessment, complete_tells_of_the_end_and_then_of_the_score) {
  make_endpoint(receiver.url());
  const std::int64_t before_s = seconds_now();
  const api_caller anna = consenting("anna-0001");
  EXPECT_EQ(state_of(answers(anna, every_answer(4))), "in_progress");
  const http_answer done = submit(anna);
  EXPECT_EQ(state_of(done), "scored");
  EXPECT_EQ(done.json().at("outcome"), "complete");
  EXPECT_TRUE(done.json().at("missing").as_array().empty());

  ASSERT_TRUE(receiver.wait_for_accepted(2));
  EXPECT_EQ(types_received(), (types{"application.complete", "psychometric_score.complete"}));
  const json::value complete = event(0), score = event(1);
  expect_as_in_vector(complete);
  expect_as_in_vector(score);
  EXPECT_EQ(complete.at("uid"), "anna-0001");
  const json::value& times = complete.at("event").at("details");
  const json::value& details = score.at("event").at("details");
  EXPECT_GE(times.at("application_started_at").as_int64(), before_s - 1);
  EXPECT_LE(times.at("application_started_at").as_int64(), times.at("application_completed_at").as_int64());
  EXPECT_EQ(details.at("application_started_at"), times.at("application_started_at"));
  EXPECT_EQ(details.at("application_completed_at"), times.at("application_completed_at"));
  EXPECT_GE(details.at("scored_at").as_int64(), details.at("application_completed_at").as_int64());
  EXPECT_EQ(details.at("platform"), "WEB");
  EXPECT_EQ(details.at("calculated").at("score"), 50) << "every item alike: docs/scoring.md, example D";
  EXPECT_EQ(details.at("calculated").at("traits").as_array().size(), 12u);

  const json::value kept = session_of("anna-0001");
  EXPECT_EQ(kept.at("state"), "scored");
  EXPECT_EQ(kept.at("score").at("score"), 50);
  EXPECT_EQ(kept.at("percentage_completed"), "1");
  for (const char* time : {"opened_at", "consented_at", "last_response_at", "ended_at", "scored_at"}) {
    EXPECT_TRUE(kept.at(time).is_string()) << time;
  }
}

// Contract 2.2, application.incomplete: "the user submits with required parts missing"; reasons ["Missing data"].
TEST_F(assessment, submitted_with_answers_missing_is_incomplete) {
  make_endpoint(receiver.url());
  const api_caller ben = consenting("ben-00001");
  EXPECT_EQ(state_of(answers(ben, every_answer(2, 16))), "in_progress");
  const http_answer first = submit(ben);
  EXPECT_EQ(state_of(first), "in_progress") << "what is missing is told first";
  EXPECT_EQ(first.json().at("missing").as_array().size(), 32u);
  EXPECT_EQ(first.json().at("missing").at(0), "q17");
  EXPECT_EQ(state_of(submit(ben, true)), "incomplete");
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  const json::value told = event(0);
  expect_as_in_vector(told);
  EXPECT_EQ(told.at("event").at("details").at("percentage_completed"), "0.333333333333333");
  EXPECT_EQ(told.at("event").at("reasons"), json::array{"Missing data"});
  EXPECT_TRUE(session_of("ben-00001").at("score").is_null());
}

// Contract 2.2, application.cancelled: "the user exits, or rejects the privacy policy".
TEST_F(assessment, left_or_refused_is_cancelled) {
  make_endpoint(receiver.url());
  const api_caller cleo = person("cleo-0001");
  EXPECT_EQ(state_of(cleo.post("/v1/journey/open")), "created");
  EXPECT_EQ(state_of(cleo.post("/v1/journey/consent", R"({"accepted":false})")), "cancelled");
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  expect_as_in_vector(event(0));
  EXPECT_EQ(event(0).at("event").at("reasons"), json::array{"Denied the terms and conditions"});

  const api_caller dora = consenting("dora-0001");
  EXPECT_EQ(state_of(dora.post("/v1/journey/exit")), "cancelled");
  EXPECT_EQ(state_of(dora.post("/v1/journey/exit")), "cancelled") << "again is no fault";
  ASSERT_TRUE(receiver.wait_for_accepted(2));
  EXPECT_EQ(event(1).at("event").at("reasons"), json::array{"Exited the assessment"});
  EXPECT_EQ(events_of("dora-0001"), 1u);
}

// Contract 2.2, application.expired: "the session's time limit passes before completion"; and "never opened (our
// choice): application_started_at is the session's creation, percentage "0"".
TEST_F(assessment, the_time_limit_ends_a_session_while_the_server_runs) {
  make_endpoint(receiver.url());
  (void)person("emil-0001");
  const json::value before = session_of("emil-0001");
  move_time("created_at=created_at-86400000,expires_at=created_at", "emil-0001");
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  const json::value told = event(0);
  expect_as_in_vector(told);
  const json::value& details = told.at("event").at("details");
  EXPECT_EQ(details.at("percentage_completed"), "0");
  EXPECT_EQ(details.at("application_expired_at").as_int64() - details.at("application_started_at").as_int64(), 86'400);
  EXPECT_EQ(session_of("emil-0001").at("state"), "expired");
}

TEST_F(assessment, limits_that_passed_while_the_server_was_down_end_at_its_start) {
  make_endpoint(receiver.url());
  const api_caller finn = consenting("finn-0001");
  EXPECT_EQ(answers(finn, every_answer(3, 12)).status, 200);
  ASSERT_EQ(server.terminate(), 0);
  move_time("expires_at=created_at+1", "finn-0001");
  server.start();
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  expect_as_in_vector(event(0));
  EXPECT_EQ(event(0).at("event").at("details").at("percentage_completed"), "0.25");
}

// Contract 2.2, android_score.complete and ios_score.complete: "the device-data score is ready".
TEST_F(assessment, devices_are_scored_by_their_data) {
  make_endpoint(receiver.url());
  for (const std::string device : {"ANDROID", "IOS"}) {
    change_settings(R"({"platform":")" + device + "\"}");
    const api_caller gus = consenting("gus-0001-" + device);
    const json::value journey = gus.get("/v1/journey").json();
    EXPECT_EQ(text(journey.at("platform")), device);
    EXPECT_TRUE(journey.at("questionnaire").is_null());
    EXPECT_EQ(journey.at("device_requirements").at("permissions").as_array().size(), 2u);
    EXPECT_EQ(answers(gus, every_answer(1)).status, 409);
    EXPECT_EQ(state_of(gus.post("/v1/journey/device", whole_device)), "in_progress");
    EXPECT_EQ(state_of(submit(gus)), "scored");
  }
  ASSERT_TRUE(receiver.wait_for_accepted(4));
  std::size_t scores = 0;
  for (std::size_t place = 0; place < 4; ++place) {
    const json::value told = event(place);
    expect_as_in_vector(told);
    const std::string type = text(told.at("event").at("type"));
    if (!type.ends_with("_score.complete")) continue;
    ++scores;
    const std::string device = text(told.at("event").at("details").at("platform"));
    EXPECT_EQ(type, device == "IOS" ? "ios_score.complete" : "android_score.complete");
    EXPECT_EQ(text(told.at("uid")), "gus-0001-" + device);
    EXPECT_EQ(told.at("event").at("details").at("permissions_denied"), json::array{"location"});
  }
  EXPECT_EQ(scores, 2u);
}

// Contract 2.2, application.incomplete: "… or permissions denied".
TEST_F(assessment, a_device_without_permissions_is_incomplete) {
  make_endpoint(receiver.url());
  change_settings(R"({"platform":"ANDROID"})");
  const api_caller hana = consenting("hana-0001");
  EXPECT_EQ(hana.post("/v1/journey/device", R"({"features":{"device_age_days":1},"permissions_granted":["contacts"],
                      "permissions_denied":["calendar"]})")
                .status,
            200);
  EXPECT_EQ(submit(hana).json().at("missing"), (json::array{"calendar", "contacts_count", "calendar_events_90d"}));
  EXPECT_EQ(state_of(submit(hana, true)), "incomplete");
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  expect_as_in_vector(event(0));
  EXPECT_EQ(event(0).at("event").at("reasons"), (json::array{"Missing data", "Missing permissions"}));
  EXPECT_EQ(event(0).at("event").at("details").at("percentage_completed"), "0.4");
}

}  // namespace
}  // namespace posthorn::test
