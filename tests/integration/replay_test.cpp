// Sending again: docs/replay.md, with a real receiver and through kills.
#include <map>
#include <set>

#include "integration/platform.hpp"

namespace posthorn::test {
namespace {

using boost::json::value;

class replaying : public platform {
 protected:
  // Fails at the first refusal, and refusals by the hundred do not open the breaker.
  static constexpr const char* one_try =
      R"(,"order":"none","retry":{"schedule_s":[0]},"health":{"failures_min":10000})";

  value call(const std::string& target, const std::string& body, int status = 202) {
    const http_answer answer = api().post(target, body);
    EXPECT_EQ(answer.status, status) << target << ": " << answer.body;
    return answer.json();
  }
  value finished(const value& job) {
    return read_until("/v1/jobs/" + std::string(job.at("id").as_string()),
                      [](const value& now) { return now.at("state").as_string() != "running"; });
  }
  // `count` events that the receiver refuses.
  std::vector<accepted> refused(int count) {
    receiver.answer_with([](const received_request&, int) { return reply{.status = 500}; });
    std::string lines;
    for (int i = 0; i < count; ++i) {
      lines += R"({"type":"test.numbered","uid":"user-)" + std::to_string(10'000 + i) + R"(","payload":{"n":)" +
               std::to_string(i) + "}}\n";
    }
    const http_answer answer = api().post_batch(lines);
    EXPECT_EQ(answer.status, 202) << answer.body;
    std::vector<accepted> events;
    const value whole = answer.json();
    for (const value& each : whole.at("results").as_array()) events.push_back(read_accepted(each));
    for (const accepted& each : events) read_until_state(each.deliveries.at(0), "failed");
    return events;
  }
  std::map<std::string, int> arrivals(int status) {
    std::map<std::string, int> by_id;
    for (const received_request& each : receiver.requests()) by_id[each.id()] += each.status == status ? 1 : 0;
    return by_id;
  }
};

TEST_F(replaying, an_arrived_delivery_comes_again_with_its_id_and_bytes) {
  make_endpoint(receiver.url());
  const accepted event = send(R"({"type":"any.thing","uid":"user-00001","payload":{ "a" : 1.50 }})");
  read_until_state(event.deliveries[0], "delivered");
  EXPECT_EQ(api().post("/v1/deliveries/" + event.deliveries[0] + "/retry").status, 409);
  EXPECT_EQ(api().post("/v1/deliveries/" + event.deliveries[0] + "/replay").status, 200);
  ASSERT_TRUE(receiver.wait_for_accepted(2));
  const auto got = receiver.requests();
  EXPECT_EQ(got[0].id(), event.id);
  EXPECT_EQ(got[1].id(), event.id);
  EXPECT_EQ(got[1].body, got[0].body);
  EXPECT_EQ(got[1].body, R"({ "a" : 1.50 })");
  EXPECT_TRUE(is_signed_with(got[1], {test_env.api_key}));
  const value seen = read_until("/v1/deliveries/" + event.deliveries[0],
                                [](const value& now) { return now.at("attempt_count").as_int64() == 2; });
  EXPECT_EQ(seen.at("attempts").as_array().size(), 2u);
}

TEST_F(replaying, an_endpoint_created_later_gets_an_old_event) {
  const accepted stray = send_numbered("user-00001", 1, "late.one");
  EXPECT_TRUE(stray.deliveries.empty());
  EXPECT_EQ(api().post("/v1/events/" + stray.id + "/replay", "{}").status, 409) << "nobody takes it yet";
  const std::string picky = make_endpoint(receiver.url("/picky"), R"(,"event_types":["other.*"])");
  const std::string later = make_endpoint(receiver.url("/later"));
  const value made = call("/v1/events/" + stray.id + "/replay", "{}");
  ASSERT_EQ(made.at("deliveries").as_array().size(), 1u);
  EXPECT_EQ(made.at("deliveries").at(0).at("endpoint_id").as_string(), later);
  EXPECT_EQ(made.at("deliveries").at(0).at("result").as_string(), "created");
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  const std::string extra(made.at("deliveries").at(0).at("id").as_string());
  read_until_state(extra, "delivered");
  const value event = read("/v1/events/" + stray.id);
  EXPECT_EQ(event.at("state").as_string(), "delivered");
  EXPECT_EQ(event.at("deliveries").at(0).at("id").as_string(), extra);

  // The one named gets it though it is not subscribed.
  call("/v1/events/" + stray.id + "/replay", R"({"endpoint_id":")" + picky + R"("})");
  ASSERT_TRUE(receiver.wait_for_accepted(2));
  const auto got = receiver.requests();
  EXPECT_EQ(got[0].path, "/later");
  EXPECT_EQ(got[1].path, "/picky");
  EXPECT_EQ(got[0].id(), stray.id);
  EXPECT_EQ(got[1].id(), stray.id);
  EXPECT_EQ(got[1].body, got[0].body);
  EXPECT_EQ(read("/v1/events/" + stray.id).at("deliveries").as_array().size(), 2u);
  EXPECT_EQ(read("/v1/deliveries?endpoint_id=" + picky).at("data").as_array().size(), 1u);
}

TEST_F(replaying, a_new_endpoint_begins_with_the_past_that_it_takes) {
  make_endpoint(receiver.url("/old"));
  for (int i = 0; i < 6; ++i) send_numbered("user-00001", i, i % 2 == 0 ? "even.one" : "odd.one");
  ASSERT_TRUE(receiver.wait_for_accepted(6));
  const std::string later =
      make_endpoint(receiver.url("/new"), R"(,"event_types":["even.*"],"filter":{"pointer":"/n","gt":0})");
  const value job = call("/v1/replays", R"({"state":"missing","endpoint_id":")" + later + R"("})");
  EXPECT_TRUE(job.at("total").is_null());
  EXPECT_EQ(finished(job).at("requeued").as_int64(), 2);
  ASSERT_TRUE(receiver.wait_for_accepted(8));
  const auto got = receiver.requests();
  EXPECT_EQ(got[6].body, R"({"n":2})");
  EXPECT_EQ(got[7].body, R"({"n":4})");
  EXPECT_EQ(got[7].path, "/new");
  EXPECT_EQ(read("/v1/events?endpoint_id=" + later).at("data").as_array().size(), 2u);
  const value again = call("/v1/replays", R"({"state":"missing","endpoint_id":")" + later + R"("})");
  EXPECT_EQ(finished(again).at("requeued").as_int64(), 0);
}

TEST_F(replaying, many_that_failed_go_out_once_with_progress) {
  make_endpoint(receiver.url(), one_try);
  const std::vector<accepted> events = refused(300);
  receiver.answer_with(scripted_receiver::accept_all);
  const value job = call("/v1/deliveries/retry", "{}");
  EXPECT_EQ(job.at("state").as_string(), "running");
  EXPECT_EQ(job.at("total").as_int64(), 300);
  const value done = finished(job);
  EXPECT_EQ(done.at("state").as_string(), "done");
  EXPECT_EQ(done.at("requeued").as_int64(), 300);
  EXPECT_EQ(done.at("processed").as_int64(), 300);
  EXPECT_EQ(done.at("skipped").as_int64(), 0);
  ASSERT_TRUE(receiver.wait_for_accepted(events.size()));
  for (const accepted& each : events) {
    read_until_state(each.deliveries[0], "delivered");
    EXPECT_EQ(arrivals(200)[each.id], 1);
  }
  EXPECT_EQ(read("/v1/jobs").at("data").at(0).at("id").as_string(), job.at("id").as_string());
  EXPECT_EQ(api().post("/v1/jobs/" + std::string(job.at("id").as_string()) + "/cancel").status, 409);
}

TEST_F(replaying, recovering_sends_what_was_parked_and_what_failed) {
  const std::string endpoint = make_endpoint(receiver.url(), one_try);
  const std::vector<accepted> events = refused(20);
  EXPECT_EQ(api().post("/v1/endpoints/" + endpoint + "/disable").status, 200);
  const accepted parked = send_numbered("user-00001", 1);
  read_until_state(parked.deliveries[0], "parked");
  receiver.answer_with(scripted_receiver::accept_all);
  const value job = call("/v1/endpoints/" + endpoint + "/recover", R"({"since":"2020-01-01T00:00:00Z"})");
  EXPECT_EQ(job.at("kind").as_string(), "recover");
  EXPECT_EQ(read("/v1/endpoints/" + endpoint).at("state").as_string(), "active");
  EXPECT_EQ(finished(job).at("requeued").as_int64(), 20);
  ASSERT_TRUE(receiver.wait_for_accepted(21));
  read_until_state(parked.deliveries[0], "delivered");
  for (const accepted& each : events) read_until_state(each.deliveries[0], "delivered");
}

TEST_F(replaying, a_job_ends_after_kills_and_repeats_nothing) {
  const std::string endpoint = make_endpoint(receiver.url(), one_try);
  const std::vector<accepted> events = refused(1'000);
  receiver.answer_with(scripted_receiver::accept_all);
  EXPECT_EQ(api().post("/v1/endpoints/" + endpoint + "/pause").status, 200);
  const value job = call("/v1/replays", R"({"endpoint_id":")" + endpoint + R"("})");
  const std::string target = "/v1/jobs/" + std::string(job.at("id").as_string());
  std::int64_t seen = 0;
  for (int kills = 0; kills < 3; ++kills) {
    const value now = read_until(target, [&](const value& at) {
      return at.at("requeued").as_int64() > seen || at.at("state").as_string() != "running";
    });
    seen = now.at("requeued").as_int64();
    server.kill();
    server.start();
  }
  const value done = finished(job);
  EXPECT_EQ(done.at("state").as_string(), "done");
  EXPECT_EQ(done.at("requeued").as_int64(), 1'000);
  EXPECT_EQ(done.at("skipped").as_int64(), 0);
  EXPECT_EQ(api().post("/v1/endpoints/" + endpoint + "/enable").status, 200);
  ASSERT_TRUE(receiver.wait_for_accepted(events.size()));
  for (const accepted& each : events) read_until_state(each.deliveries[0], "delivered");
  const auto arrived = arrivals(200);
  for (const accepted& each : events) EXPECT_EQ(arrived.at(each.id), 1);
}

TEST_F(replaying, another_integration_sees_none_of_it) {
  make_endpoint(receiver.url());
  const accepted event = send_numbered("user-00001", 1);
  read_until_state(event.deliveries[0], "delivered");
  const value job = call("/v1/replays", R"({"state":"delivered"})");
  const environment other = make_deployment("cards", "assessment");
  const api_caller they = server.as(other.api_key);
  const std::string id(job.at("id").as_string());
  EXPECT_EQ(they.get("/v1/jobs/" + id).status, 404);
  EXPECT_EQ(they.post("/v1/jobs/" + id + "/cancel").status, 404);
  EXPECT_TRUE(they.get("/v1/jobs").json().at("data").as_array().empty());
  EXPECT_EQ(they.post("/v1/events/" + event.id + "/replay", "{}").status, 404);
  EXPECT_EQ(they.post("/v1/deliveries/" + event.deliveries[0] + "/replay").status, 404);
}

}  // namespace
}  // namespace posthorn::test
