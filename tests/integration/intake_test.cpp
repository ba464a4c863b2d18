// Handing events in, and reading back what became of them.
#include <algorithm>

#include "integration/platform.hpp"

namespace posthorn::test {
namespace {

class intake : public platform {};

TEST_F(intake, the_same_idempotency_key_gives_the_same_answer) {
  make_endpoint(receiver.url());
  const std::string body = R"({"type":"a.b","payload":{"n":1}})";
  const http_headers key = {{"Idempotency-Key", "order-17"}};
  const http_answer first = api().post("/v1/events", body, key);
  const http_answer again = api().post("/v1/events", body, key);
  EXPECT_EQ(first.status, 202);
  EXPECT_EQ(again.status, 202);
  EXPECT_EQ(first.body, again.body);
  EXPECT_EQ(first.header("idempotent-replayed"), "");
  EXPECT_EQ(again.header("idempotent-replayed"), "true");

  const http_answer other = api().post("/v1/events", R"({"type":"a.b","payload":{"n":2}})", key);
  EXPECT_EQ(other.status, 409);
  EXPECT_EQ(other.json().at("type").as_string(), "/problems/idempotency-mismatch");

  server.restart();
  EXPECT_EQ(api().post("/v1/events", body, key).body, first.body) << "known after a restart";

  const accepted marker = send(R"({"type":"a.marker","payload":0})");
  ASSERT_TRUE(receiver.wait_for([&marker](const scripted_receiver::log& all) {
    return std::ranges::any_of(all, [&](const received_request& one) { return one.id() == marker.id; });
  }));
  EXPECT_EQ(receiver.accepted(), 2u) << "once, and the marker";
}

TEST_F(intake, a_batch_answers_for_each_line) {
  make_endpoint(receiver.url());
  const http_answer answer = api().post_batch(
      "{\"type\":\"a.b\",\"uid\":\"u1\",\"payload\":1}\n"
      "{\"type\":\"a.b\"}\n"
      "not json\r\n"
      "{\"type\":\"a.b\",\"payload\":2,\"idempotency_key\":\"k\"}\n"
      "{\"type\":\"a.b\",\"payload\":2,\"idempotency_key\":\"k\"}\n"
      "{\"type\":\"a.b\",\"payload\":3,\"idempotency_key\":\"k\"}");
  ASSERT_EQ(answer.status, 202) << answer.body;
  const boost::json::value whole = answer.json();
  const boost::json::array& results = whole.at("results").as_array();
  ASSERT_EQ(results.size(), 6u);
  EXPECT_EQ(read_accepted(results[0]).deliveries.size(), 1u);
  EXPECT_EQ(results[1].at("error").at("type").as_string(), "/problems/missing-field");
  EXPECT_EQ(results[2].at("error").at("type").as_string(), "/problems/malformed-json");
  EXPECT_EQ(read_accepted(results[3]).id, read_accepted(results[4]).id);
  EXPECT_EQ(results[5].at("error").at("type").as_string(), "/problems/idempotency-mismatch");
  EXPECT_TRUE(receiver.wait_for_accepted(2));
}

TEST_F(intake, an_event_that_nobody_takes_is_kept_as_unrouted) {
  make_endpoint(receiver.url(), R"(,"event_types":["application.*"])");
  const accepted event = send(R"({"type":"other.thing","payload":null})");
  EXPECT_TRUE(event.deliveries.empty());
  EXPECT_EQ(read("/v1/events/" + event.id).at("state").as_string(), "unrouted");
}

std::vector<std::string> ids_in(const boost::json::value& page) {
  std::vector<std::string> out;
  for (const auto& row : page.at("data").as_array()) out.emplace_back(row.at("id").as_string());
  return out;
}

TEST_F(intake, lists_filter_by_uid_type_state_and_endpoint) {
  const std::string all = make_endpoint(receiver.url("/all"), R"(,"order":"none","retry":{"schedule_s":[0]})");
  const std::string some =
      make_endpoint(receiver.url("/some"), R"(,"event_types":["b.*"],"order":"none","retry":{"schedule_s":[0]})");
  receiver.answer_with(
      [](const received_request& request, int) { return reply{.status = request.type() == "b.bad" ? 500 : 200}; });
  const accepted one = send_numbered("user-00001", 1, "a.one");
  const accepted two = send_numbered("user-00002", 2, "b.two");
  const accepted bad = send_numbered("user-00001", 3, "b.bad");
  read_until_state(one.deliveries[0], "delivered");
  for (const std::string& id : two.deliveries) read_until_state(id, "delivered");
  for (const std::string& id : bad.deliveries) read_until_state(id, "failed");

  const auto list = [this](const std::string& query) { return ids_in(read("/v1/events?" + query)); };
  using ids = std::vector<std::string>;
  EXPECT_EQ(list("uid=user-00001"), (ids{bad.id, one.id})) << "newest first";
  EXPECT_EQ(list("uid=user-00001&type=a.one"), (ids{one.id}));
  EXPECT_EQ(list("type=b.two"), (ids{two.id}));
  EXPECT_EQ(list("state=failed"), (ids{bad.id}));
  EXPECT_EQ(list("state=delivered"), (ids{two.id, one.id}));
  EXPECT_EQ(list("endpoint_id=" + some), (ids{bad.id, two.id}));
  EXPECT_EQ(list("uid=nobody"), ids{});
  EXPECT_EQ(ids_in(read("/v1/deliveries?state=failed")).size(), 2u);
  EXPECT_EQ(ids_in(read("/v1/deliveries?state=failed&endpoint_id=" + all)).size(), 1u);

  const auto first = read("/v1/events?limit=2");
  EXPECT_EQ(ids_in(first), (ids{bad.id, two.id}));
  const std::string cursor(first.at("next_cursor").as_string());
  EXPECT_EQ(list("limit=2&cursor=" + cursor), (ids{one.id}));
}

TEST_F(intake, one_environment_does_not_see_the_other) {
  make_endpoint(receiver.url());
  const accepted event = send_numbered("user-00001", 1);
  const environment other = make_deployment("academy", "learning", "production");
  const api_caller stranger = server.as(other.api_key);
  EXPECT_EQ(stranger.get("/v1/events/" + event.id).status, 404);
  EXPECT_EQ(stranger.get("/v1/deliveries/" + event.deliveries[0]).status, 404);
  EXPECT_EQ(stranger.get("/v1/events?integration_id=" + test_env.integration_id).status, 403);
  EXPECT_TRUE(ids_in(stranger.get("/v1/events").json()).empty());
  EXPECT_EQ(server.admin().get("/v1/events/" + event.id + "?integration_id=" + test_env.integration_id).status, 200);
}

TEST_F(intake, a_rotated_key_overlaps_and_the_old_one_goes_on_signing) {
  make_endpoint(receiver.url());
  const std::string rotate = "/v1/integrations/" + test_env.integration_id + "/keys/rotate";
  const http_answer made = api().post(rotate, R"({"overlap_s":600})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string fresh(made.json().at("api_key").as_string());
  EXPECT_TRUE(fresh.starts_with("ph_test_"));
  EXPECT_EQ(api().post("/v1/events", R"({"type":"a.b","payload":1})").status, 202);
  EXPECT_EQ(server.as(fresh).post("/v1/events", R"({"type":"a.b","payload":2})").status, 202);
  ASSERT_TRUE(receiver.wait_for_accepted(2));
  for (const received_request& one : receiver.requests()) EXPECT_TRUE(is_signed_with(one, {test_env.api_key}));

  const http_answer last = server.as(fresh).post(rotate, R"({"overlap_s":0})");
  ASSERT_EQ(last.status, 201) << last.body;
  const std::string newest(last.json().at("api_key").as_string());
  EXPECT_EQ(api().get("/v1/events").status, 401);
  EXPECT_EQ(server.as(newest).post("/v1/events", R"({"type":"a.b","payload":3})").status, 202);
  ASSERT_TRUE(receiver.wait_for_accepted(3));
  EXPECT_TRUE(is_signed_with(receiver.requests().back(), {newest}));
}

TEST_F(intake, health_readiness_and_metrics_are_open) {
  make_endpoint(receiver.url());
  send_numbered("user-00001", 1);
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  const api_caller anybody(server.port(), "");
  EXPECT_EQ(anybody.get("/healthz").json().at("status").as_string(), "alive");
  const auto ready = anybody.get("/readyz").json();
  EXPECT_EQ(ready.at("status").as_string(), "ready");
  EXPECT_TRUE(ready.at("can_accept").as_bool() && ready.at("can_record").as_bool());
  // Counted after the answer, so that counting delays nobody.
  EXPECT_EQ(server.operators().get("/healthz").status, 200);
  EXPECT_EQ(server.operators().get("/readyz").status, 200);
  EXPECT_EQ(anybody.get("/metrics").status, 404);
  EXPECT_EQ(server.operators().get("/v1/events").status, 404);
  http_answer metrics = server.operators().get("/metrics");
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!metrics.body.contains("\nposthorn_events_accepted_total 1\n") && std::chrono::steady_clock::now() < until) {
    metrics = server.operators().get("/metrics");
  }
  EXPECT_TRUE(metrics.body.contains("\nposthorn_events_accepted_total 1\n")) << metrics.body;
  EXPECT_TRUE(metrics.header("Content-Type").starts_with("text/plain; version=0.0.4"));
  const auto description = anybody.get("/openapi.json").json();
  EXPECT_TRUE(description.at("paths").as_object().contains("/v1/events"));
}

}  // namespace
}  // namespace posthorn::test
