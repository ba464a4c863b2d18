// GET /v1/stats: the numbers of the overview and of an endpoint's charts.
#include "integration/platform.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

class stats : public platform {
 protected:
  // Counts are written every ten seconds, and when the server ends.
  void write_counts() { server.restart(); }
  static std::int64_t sum(const json::value& of, const char* member) {
    std::int64_t all = 0;
    for (const auto& each : of.at("points").as_array()) all += each.at(member).to_number<std::int64_t>();
    return all;
  }
};

TEST_F(stats, count_what_went_out_in_every_range) {
  const std::string good = make_endpoint(receiver.url(), R"(,"event_types":["a.good"])");
  scripted_receiver broken([](const received_request&, int) { return reply{.status = 500}; });
  const std::string bad =
      make_endpoint(broken.url(), R"(,"event_types":["a.bad"],"order":"none","retry":{"schedule_s":[0]})");
  for (int n = 0; n < 3; ++n) read_until_state(send_numbered("anna-0001", n, "a.good").deliveries.at(0), "delivered");
  read_until_state(send_numbered("anna-0001", 3, "a.bad").deliveries.at(0), "failed");
  write_counts();
  for (const char* range : {"1h", "24h", "7d", "30d"}) {
    const json::value seen = read("/v1/stats?range=" + std::string(range));
    EXPECT_EQ(seen.at("range"), range);
    EXPECT_EQ(seen.at("total").at("attempts"), 4) << range;
    EXPECT_EQ(seen.at("total").at("delivered"), 3);
    EXPECT_EQ(seen.at("total").at("failed"), 1);
    EXPECT_GT(seen.at("total").at("p95_ms").to_number<double>(), 0);
    EXPECT_EQ(sum(seen, "attempts"), 4) << range;
    EXPECT_GE(seen.at("points").as_array().size(), 60u);
    EXPECT_EQ(seen.at("endpoints").at(0).at("id"), json::value(bad)) << "what fails comes first";
  }
  const json::value one = read("/v1/stats?endpoint_id=" + good);
  EXPECT_EQ(one.at("total").at("attempts"), 3);
  EXPECT_EQ(one.at("endpoints").as_array().size(), 1u);
}

TEST_F(stats, tell_what_is_parked) {
  const std::string id = make_endpoint(receiver.url());
  ASSERT_EQ(api().post("/v1/endpoints/" + id + "/pause").status, 200);
  for (int n = 0; n < 3; ++n) send_numbered("anna-0001", n);
  const json::value seen = read_until(
      "/v1/stats", [](const json::value& now) { return now.at("now").at("parked").to_number<std::int64_t>() == 3; });
  EXPECT_EQ(seen.at("now").at("waiting"), 0);
  EXPECT_EQ(seen.at("endpoints").at(0).at("parked"), 3);
  EXPECT_EQ(seen.at("endpoints").at(0).at("state"), "paused");
}

TEST_F(stats, are_an_integrations_own) {
  make_endpoint(receiver.url());
  read_until_state(send_numbered("anna-0001", 1).deliveries.at(0), "delivered");
  write_counts();
  const environment other = make_deployment("cards", "assessment");
  const json::value seen = server.as(other.api_key).get("/v1/stats").json();
  EXPECT_EQ(seen.at("total").at("attempts"), 0);
  EXPECT_TRUE(seen.at("total").at("p50_ms").is_null());
  EXPECT_TRUE(seen.at("endpoints").as_array().empty());
}

TEST_F(stats, refuse_what_they_do_not_know) {
  EXPECT_EQ(api().get("/v1/stats?range=2h").status, 422);
  EXPECT_EQ(api().get("/v1/stats?endpoint_id=nonsense").status, 422);
  EXPECT_EQ(api().get("/v1/stats?from=1").status, 400);
}

}  // namespace
}  // namespace posthorn::test
