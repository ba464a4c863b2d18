// What reaches a receiver, and when: contract sections 2.1 to 2.4 and 3.
#include <algorithm>
#include <map>

#include "integration/platform.hpp"

namespace posthorn::test {
namespace {

using log = scripted_receiver::log;

class delivery : public platform {};

const std::vector<std::string> envelope_types = {
    "application.complete",        "application.incomplete", "application.expired", "application.cancelled",
    "psychometric_score.complete", "android_score.complete", "ios_score.complete"};

TEST_F(delivery, arrives_signed_with_its_headers) {
  make_endpoint(receiver.url("/in"));
  const accepted event = send(R"({"type":"loan.approved","uid":"user-00001","details":{ "a" : 1.50 , "b":[ 1, 2 ]}})");
  ASSERT_EQ(event.deliveries.size(), 1u);
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  const received_request got = receiver.requests().front();
  EXPECT_EQ(got.path, "/in");
  EXPECT_EQ(got.body, R"({"uid":"user-00001","integration_id":")" + test_env.integration_id +
                          R"(","event":{"type":"loan.approved","details":{"a":1.50,"b":[1,2]}}})");
  EXPECT_EQ(got.id(), event.id);
  EXPECT_EQ(got.type(), "loan.approved");
  EXPECT_EQ(got.header("Content-Type"), "application/json");
  EXPECT_TRUE(got.header("User-Agent").starts_with("Posthorn/")) << got.header("User-Agent");
  EXPECT_FALSE(got.header("webhook-timestamp").empty());
  EXPECT_TRUE(is_signed_with(got, {test_env.api_key}));
  EXPECT_FALSE(is_signed_with(got, {"ph_test_another"}));

  const auto seen = read_until_state(event.deliveries[0], "delivered");
  EXPECT_EQ(seen.at("attempt_count").as_int64(), 1);
  EXPECT_EQ(read("/v1/events/" + event.id).at("state").as_string(), "delivered");
  EXPECT_EQ(api().get("/v1/events/" + event.id + "/payload").body, got.body);
}

TEST_F(delivery, keeps_a_payload_to_the_byte) {
  make_endpoint(receiver.url());
  const std::string payload =
      "{ \"z\":1.0e+2,\t\"a\" : \"\\u00e9\xc3\xa9\\/\",\"a\":[ ],  \"n\":12345678901234567890123 }";
  const accepted event = send(R"({"type":"any.thing","payload":)" + payload + " }");
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  EXPECT_EQ(receiver.requests().front().body, payload);
  EXPECT_TRUE(is_signed_with(receiver.requests().front(), {test_env.api_key}));
  EXPECT_EQ(api().get("/v1/events/" + event.id + "/payload").body, payload);
}

TEST_F(delivery, builds_every_documented_envelope) {
  make_endpoint(receiver.url());
  std::map<std::string, std::string> wanted;
  for (const std::string& type : envelope_types) {
    const std::string envelope = vector_text(type);
    const boost::json::value parsed = boost::json::parse(envelope);
    const std::size_t details = envelope.find("\"details\":");
    // The vector's own text from its details on, without the two braces that close event and envelope.
    const std::string rest = envelope.substr(details, envelope.size() - details - 2);
    const accepted event =
        send(R"({"type":")" + type + R"(","uid":")" + std::string(parsed.at("uid").as_string()) + "\"," + rest + "}");
    std::string expected = envelope;
    const std::string sample_id(parsed.at("integration_id").as_string());
    wanted[event.id] = expected.replace(expected.find(sample_id), sample_id.size(), test_env.integration_id);
  }
  ASSERT_TRUE(receiver.wait_for_accepted(envelope_types.size()));
  const log got = receiver.requests();
  for (std::size_t i = 0; i < envelope_types.size(); ++i) {
    EXPECT_EQ(got[i].type(), envelope_types[i]) << "one uid: they come in order";
    EXPECT_EQ(got[i].body, wanted.at(got[i].id()));
  }
}

TEST_F(delivery, is_retried_by_the_endpoints_schedule) {
  make_endpoint(receiver.url(), R"(,"retry":{"schedule_s":[0,1,1]})");
  receiver.answer_with([](const received_request&, int tries) {
    return tries < 3 ? reply{.status = 503, .headers = {{"x-why", "busy"}}, .body = "come back"} : reply{};
  });
  const accepted event = send_numbered("user-00001", 1);
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  const log tries = receiver.requests();
  ASSERT_EQ(tries.size(), 3u);
  for (std::size_t i = 0; i < tries.size(); ++i) {
    EXPECT_EQ(tries[i].id(), event.id);
    EXPECT_EQ(tries[i].body, tries[0].body);
    EXPECT_EQ(tries[i].header("X-Signature"), tries[0].header("X-Signature"));
    if (i == 0) continue;
    EXPECT_GE(tries[i].at - tries[i - 1].at, std::chrono::milliseconds(990)) << "never early";
  }
  const auto seen = read_until_state(event.deliveries[0], "delivered");
  const boost::json::array& attempts = seen.at("attempts").as_array();
  ASSERT_EQ(attempts.size(), 3u);
  EXPECT_EQ(attempts[0].at("status").as_int64(), 503);
  EXPECT_EQ(attempts[0].at("response_body").as_string(), "come back");
  EXPECT_TRUE(std::string(attempts[0].at("response_headers").as_string()).contains("x-why: busy"));
  EXPECT_FALSE(std::string(attempts[0].at("request_headers").as_string()).contains(test_env.api_key));
  EXPECT_GT(attempts[0].at("timing").at("total_us").as_int64(), 0);
  EXPECT_EQ(attempts[2].at("status").as_int64(), 200);
}

TEST_F(delivery, keeps_the_order_of_a_uid_while_its_first_fails) {
  make_endpoint(receiver.url(), R"(,"retry":{"schedule_s":[0,1,1]})");
  const accepted first = send_numbered("user-00001", 1, "test.refused");
  receiver.answer_with([](const received_request& request, int tries) {
    return request.type() == "test.refused" && tries < 3 ? reply{.status = 500} : reply{};
  });
  // The first may have been accepted before the script changed: then the next one stands for it.
  const accepted head = send_numbered("user-00001", 2, "test.refused");
  const accepted second = send_numbered("user-00001", 3);
  const accepted third = send_numbered("user-00001", 4);
  const accepted other = send_numbered("user-00002", 5);
  ASSERT_TRUE(receiver.wait_for_accepted(5));
  std::vector<std::string> arrived;
  for (const received_request& one : receiver.requests()) {
    if (one.status == 200) arrived.push_back(one.id());
  }
  const auto place = [&arrived](const accepted& event) { return std::ranges::find(arrived, event.id); };
  EXPECT_LT(place(first), place(head));
  EXPECT_LT(place(head), place(second));
  EXPECT_LT(place(second), place(third));
  EXPECT_LT(place(other), place(head)) << "another uid does not wait";
}

TEST_F(delivery, counts_200_alone_or_any_2xx_as_told) {
  const std::string strict = make_endpoint(receiver.url("/strict"), R"(,"retry":{"schedule_s":[0]})");
  make_endpoint(receiver.url("/wide"), R"(,"success":"2xx","retry":{"schedule_s":[0]})");
  for (const int status : {200, 201, 204, 302}) {
    receiver.answer_with([status](const received_request&, int) {
      return reply{.status = status, .headers = {{"Location", "http://127.0.0.1:9/"}}};
    });
    const accepted event = send_numbered("user-" + std::to_string(10000 + status), status);
    ASSERT_EQ(event.deliveries.size(), 2u);
    for (const std::string& id : event.deliveries) {
      const auto ended = read_until("/v1/deliveries/" + id,
                                    [](const boost::json::value& now) { return !now.at("finished_at").is_null(); });
      const bool is_strict = ended.at("endpoint_id").as_string() == strict;
      const bool good = is_strict ? status == 200 : status < 300;
      EXPECT_EQ(ended.at("state").as_string(), good ? "delivered" : "failed") << status << " " << ended;
      EXPECT_EQ(ended.at("attempts").as_array().size(), 1u);
    }
  }
  EXPECT_EQ(receiver.requests().size(), 8u) << "redirects are not followed";
}

TEST_F(delivery, a_hung_endpoint_does_not_delay_its_neighbours) {
  make_endpoint(receiver.url("/hung"), R"(,"timeout_ms":30000)");
  make_endpoint(receiver.url("/well"));
  receiver.answer_with(
      [](const received_request& request, int) { return request.path == "/hung" ? reply::hung() : reply{}; });
  // More than the hung lane may have in flight.
  for (int i = 0; i < 40; ++i) send_numbered("user-" + std::to_string(10000 + i), i);
  EXPECT_TRUE(receiver.wait_for_accepted(40));
  const log all = receiver.requests();
  EXPECT_LE(std::ranges::count_if(all, [](const received_request& one) { return one.path == "/hung"; }), 16);
}

TEST_F(delivery, a_connection_closed_without_an_answer_is_evidence_and_is_retried) {
  make_endpoint(receiver.url(), R"(,"retry":{"schedule_s":[0,1]})");
  receiver.answer_with([](const received_request&, int tries) { return tries == 1 ? reply::dropped() : reply{}; });
  const accepted event = send_numbered("user-00001", 1);
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  const auto seen = read_until_state(event.deliveries[0], "delivered");
  EXPECT_EQ(seen.at("attempts").at(0).at("error").as_string(), "connection");
  EXPECT_TRUE(seen.at("attempts").at(0).at("status").is_null());
}

TEST_F(delivery, gone_disables_the_endpoint_and_its_deliveries_park) {
  const std::string endpoint = make_endpoint(receiver.url(), R"(,"retry":{"schedule_s":[0,1],"on":"status"})");
  receiver.answer_with([](const received_request&, int) { return reply{.status = 410}; });
  const accepted gone = send_numbered("user-00001", 1);
  read_until_state(gone.deliveries[0], "failed");
  const auto disabled = read_until("/v1/endpoints/" + endpoint, [](const boost::json::value& now) {
    return now.at("state").as_string() == "disabled";
  });
  EXPECT_FALSE(disabled.at("state_reason").is_null());
  const accepted later = send_numbered("user-00002", 2);
  read_until_state(later.deliveries[0], "parked");

  receiver.answer_with(scripted_receiver::accept_all);
  EXPECT_EQ(api().post("/v1/endpoints/" + endpoint + "/enable").status, 200);
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  EXPECT_EQ(receiver.requests().back().id(), later.id);
}

TEST_F(delivery, pausing_parks_and_enabling_releases_in_order) {
  const std::string endpoint = make_endpoint(receiver.url());
  EXPECT_EQ(api().post("/v1/endpoints/" + endpoint + "/pause").json().at("state").as_string(), "paused");
  std::vector<accepted> parked;
  for (int i = 0; i < 20; ++i) parked.push_back(send_numbered("user-00001", i));
  for (const accepted& each : parked) read_until_state(each.deliveries[0], "parked");
  EXPECT_TRUE(receiver.requests().empty());

  EXPECT_EQ(api().post("/v1/endpoints/" + endpoint + "/enable").json().at("state").as_string(), "active");
  ASSERT_TRUE(receiver.wait_for_accepted(20));
  const log got = receiver.requests();
  for (std::size_t i = 0; i < parked.size(); ++i) EXPECT_EQ(got[i].id(), parked[i].id);
}

TEST_F(delivery, a_failed_one_can_be_sent_again_and_a_waiting_one_cancelled) {
  make_endpoint(receiver.url(), R"(,"order":"none","retry":{"schedule_s":[0]})");
  receiver.answer_with([](const received_request&, int) { return reply{.status = 500}; });
  const accepted event = send_numbered("user-00001", 1);
  const std::string path = "/v1/deliveries/" + event.deliveries[0];
  read_until_state(event.deliveries[0], "failed");
  EXPECT_EQ(read("/v1/events/" + event.id).at("state").as_string(), "failed");
  EXPECT_EQ(api().post(path + "/cancel").status, 409);

  receiver.answer_with(scripted_receiver::accept_all);
  EXPECT_EQ(api().post(path + "/retry").status, 200);
  const auto delivered = read_until_state(event.deliveries[0], "delivered");
  EXPECT_EQ(delivered.at("attempts").as_array().size(), 2u);
  EXPECT_EQ(receiver.requests().back().id(), event.id);
  EXPECT_EQ(api().post(path + "/retry").status, 409);
  EXPECT_EQ(api().post(path + "/cancel").status, 409);

  const std::string endpoint =
      make_endpoint(receiver.url("/late"), R"(,"event_types":["late.*"],"retry":{"schedule_s":[600]})");
  const accepted waiting = send(R"({"type":"late.one","payload":1})");
  const auto late_delivery = read("/v1/deliveries?endpoint_id=" + endpoint).at("data").at(0);
  const std::string late(late_delivery.at("id").as_string());
  EXPECT_EQ(late_delivery.at("event_id").as_string(), waiting.id);
  EXPECT_EQ(late_delivery.at("state").as_string(), "pending");
  EXPECT_FALSE(late_delivery.at("next_try_at").is_null());
  EXPECT_EQ(api().post("/v1/deliveries/" + late + "/cancel").json().at("state").as_string(), "cancelled");
  EXPECT_EQ(api().post("/v1/deliveries/" + late + "/retry").status, 200);
  read_until_state(late, "delivered");
}

}  // namespace
}  // namespace posthorn::test
