// An endpoint in trouble: left alone, probed, and served again by itself; its neighbours and those who ask are told.
#include <algorithm>
#include <atomic>
#include <memory>
#include <set>

#include "integration/platform.hpp"

namespace posthorn::test {
namespace {

using log = scripted_receiver::log;

class health : public platform {
 protected:
  // A failed try comes again after a second.
  static constexpr const char* quick =
      R"(,"order":"none","health":{"failures_min":10,"window_s":60},"retry":{"schedule_s":[0,1,1,1,1,1,1,1]})";

  health() {
    receiver.answer_with([healed = healed](const received_request& request, int) {
      return request.path == "/failing" && !*healed ? reply{.status = 500} : reply{};
    });
  }

  std::size_t came_to(const std::string& path) const {
    const log all = receiver.requests();
    return static_cast<std::size_t>(
        std::ranges::count_if(all, [&](const received_request& each) { return each.path == path; }));
  }

  static std::function<bool(const log&)> different_ids(const std::string& path, int status, std::size_t count) {
    return [=](const log& all) {
      std::set<std::string> ids;
      for (const received_request& each : all) {
        if (each.path == path && each.status == status) ids.insert(each.id());
      }
      return ids.size() >= count;
    };
  }

  static std::function<bool(const log&)> news_of(const std::string& type) {
    return [=](const log& all) {
      return std::ranges::any_of(
          all, [&](const received_request& each) { return each.path == "/news" && each.type() == type; });
    };
  }

  std::size_t parked(const std::string& endpoint) {
    return read("/v1/deliveries?limit=500&state=parked&endpoint_id=" + endpoint).at("data").as_array().size();
  }

  const std::shared_ptr<std::atomic<bool>> healed = std::make_shared<std::atomic<bool>>(false);
};

TEST_F(health, degrades_what_fails_and_serves_it_again_when_it_is_healed) {
  constexpr std::size_t events = 40;
  const std::string failing = make_endpoint(receiver.url("/failing"), quick);
  make_endpoint(receiver.url("/neighbour"), quick);
  make_endpoint(receiver.url("/news"), R"(,"kind":"operational","preset":"standard","event_types":["endpoint.*"])");
  for (std::size_t i = 0; i < events; ++i) send_numbered("user-" + std::to_string(10'000 + i), static_cast<int>(i));

  const std::string at = "/v1/endpoints/" + failing;
  const boost::json::value degraded =
      read_until(at, [](const boost::json::value& now) { return now.at("state").as_string() == "degraded"; });
  EXPECT_EQ(degraded.at("condition").at("breaker").as_string(), "open");
  EXPECT_TRUE(degraded.at("condition").at("failing_since").is_string());
  EXPECT_TRUE(degraded.at("condition").at("next_probe_at").is_string());
  EXPECT_TRUE(degraded.at("state_reason").as_string().ends_with("the last: status 500")) << degraded;
  EXPECT_TRUE(receiver.wait_for(different_ids("/neighbour", 200, events))) << "its neighbour goes on";
  EXPECT_TRUE(receiver.wait_for(news_of("endpoint.degraded")));
  EXPECT_GE(came_to("/failing"), 10u);
  EXPECT_LE(came_to("/failing"), 10u + 16u) << "what was in flight, and nothing else";
  read_until("/v1/deliveries?limit=500&state=parked&endpoint_id=" + failing,
             [](const boost::json::value& now) { return now.at("data").as_array().size() == events; });
  const boost::json::value waits = read("/v1/deliveries?limit=1&state=parked&endpoint_id=" + failing).at("data").at(0);
  EXPECT_TRUE(waits.at("waits_for").as_string().starts_with("endpoint degraded: next probe at 20")) << waits;

  // It is degraded still after a kill, and knows when to probe.
  server.kill();
  server.start();
  EXPECT_EQ(read(at).at("state").as_string(), "degraded");
  EXPECT_EQ(parked(failing), events);

  *healed = true;
  EXPECT_TRUE(receiver.wait_for(different_ids("/failing", 200, events))) << "everything arrives, by itself";
  const boost::json::value active =
      read_until(at, [](const boost::json::value& now) { return now.at("state").as_string() == "active"; });
  EXPECT_TRUE(active.at("state_reason").is_null());
  EXPECT_EQ(active.at("condition").at("breaker").as_string(), "closed");
  EXPECT_TRUE(active.at("condition").at("next_probe_at").is_null());
  EXPECT_TRUE(receiver.wait_for(news_of("endpoint.recovered")));
}

TEST_F(health, enables_at_a_word) {
  const std::string failing = make_endpoint(receiver.url("/failing"), quick);
  for (int i = 0; i < 15; ++i) send_numbered("user-" + std::to_string(20'000 + i), i);
  const std::string at = "/v1/endpoints/" + failing;
  read_until(at, [](const boost::json::value& now) { return now.at("state").as_string() == "degraded"; });
  *healed = true;
  const http_answer enabled = api().post(at + "/enable");
  ASSERT_EQ(enabled.status, 200) << enabled.body;
  EXPECT_EQ(enabled.json().at("condition").at("breaker").as_string(), "closed");
  EXPECT_TRUE(receiver.wait_for(different_ids("/failing", 200, 15)));
}

TEST_F(health, tells_of_a_delivery_that_failed_and_not_of_the_news_itself) {
  receiver.answer_with([](const received_request&, int) { return reply{.status = 500}; });
  make_endpoint(receiver.url("/failing"), R"(,"retry":{"schedule_s":[0]})");
  const std::string desk =
      make_endpoint(receiver.url("/news"),
                    R"(,"kind":"operational","preset":"standard","event_types":["*"],"retry":{"schedule_s":[0]})");
  const accepted event = send_numbered("user-30001", 1);
  ASSERT_TRUE(receiver.wait_for(news_of("delivery.failed")));
  const log all = receiver.requests();
  const auto news = std::ranges::find(all, "/news", &received_request::path);
  const boost::json::value payload = boost::json::parse(news->body);
  EXPECT_EQ(payload.at("data").at("delivery_id").as_string(), event.deliveries[0]);
  EXPECT_EQ(payload.at("data").at("last_status").as_int64(), 500);
  read_until("/v1/deliveries?state=failed&endpoint_id=" + desk,
             [](const boost::json::value& now) { return now.at("data").as_array().size() == 1; });
  EXPECT_EQ(read("/v1/events?type=delivery.failed").at("data").as_array().size(), 1u);
}

}  // namespace
}  // namespace posthorn::test
