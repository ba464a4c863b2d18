// Who is told of an endpoint's changes and of failed deliveries, and who is not.
#include <algorithm>

#include "conformance/health_harness.hpp"

namespace posthorn::conformance {
namespace {

class news_conformance : public health_conformance {};

TEST_P(news_conformance, tells_an_operational_endpoint_in_the_transaction_of_the_change) {
  const auto to = plain();
  const auto desk = operational({"endpoint.*"});
  operational({"delivery.failed"});
  degrade(to, 0);
  clock_.advance(gap_ms);
  auto news = sink_->take();
  EXPECT_EQ(news.endpoint, desk);
  EXPECT_EQ(news.event->type, "endpoint.degraded");
  EXPECT_NE(news.event->payload.find(R"("reason":"it fails")"), std::string::npos) << news.event->payload;
  EXPECT_EQ(view(news.id).event, news.event->id) << "an ordinary event";
  record(report(news, verdict::delivered));

  settle();
  record(concluded(sink_->take(), verdict::delivered, health_change::close));
  EXPECT_EQ(sink_->take().event->type, "endpoint.recovered");
  ASSERT_TRUE(store_.config->set_endpoint_state(to, endpoint_state::disabled, "disabled by a call"));
  EXPECT_EQ(sink_->take().event->type, "endpoint.disabled");
  ASSERT_TRUE(store_.config->set_endpoint_state(to, endpoint_state::disabled, "once more"));
  ASSERT_TRUE(store_.config->set_endpoint_state(to, endpoint_state::active, ""));
  EXPECT_EQ(sink_->take().event->type, "endpoint.enabled");
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);

  // What was told is owed until it arrives, as everything is.
  reopen();
  EXPECT_EQ(sink_->take().event->type, "endpoint.recovered");
}

TEST_P(news_conformance, tells_of_a_failed_delivery_with_what_it_was) {
  const auto to = plain();
  const auto desk = operational({"*"});
  const auto event = accept_one(draft({to}, "uid-7"));
  record(report(sink_->take(), verdict::failed));
  const auto news = sink_->take();
  EXPECT_EQ(news.endpoint, desk);
  EXPECT_EQ(news.event->type, "delivery.failed");
  for (const char* part : {R"("event_type":"application.complete")", R"("uid":"uid-7")", R"("attempts":1)",
                           R"("last_status":503)", R"("last_error":null)"}) {
    EXPECT_NE(news.event->payload.find(part), std::string::npos) << part << " in " << news.event->payload;
  }
  EXPECT_GT(news.event->id, event.id + 1);
}

TEST_P(news_conformance, tells_nobody_of_the_failures_of_operational_endpoints) {
  const auto to = plain();
  const auto desk = operational({"*"});
  accept_one(draft({to}));
  record(report(sink_->take(), verdict::failed));
  const auto news = sink_->take();
  ASSERT_EQ(news.endpoint, desk);
  record(concluded(news, verdict::failed, health_change::open));
  EXPECT_EQ(state_of(news.id), delivery_state::failed);
  EXPECT_EQ(now_is(desk)->state, endpoint_state::degraded);
  ASSERT_TRUE(store_.config->set_endpoint_state(desk, endpoint_state::disabled, ""));
  ASSERT_TRUE(store_.config->set_endpoint_state(desk, endpoint_state::active, ""));
  settle();
  EXPECT_EQ(sink_->waiting(), 0u);
  EXPECT_EQ(store_.health->stats().pending_rows, 0u);
}

TEST_P(news_conformance, makes_no_event_where_nobody_asks_for_it) {
  const auto to = plain();
  operational({"endpoint.disabled"});
  degrade(to);
  accept_one(draft({to}));
  const auto listed = store_.queries->list_events({.integration = integration_}, 0, 50);
  ASSERT_TRUE(listed);
  EXPECT_TRUE(std::ranges::all_of(listed->rows, [](const auto& row) { return row.type == "application.complete"; }));
}

INSTANTIATE_TEST_SUITE_P(every_store, news_conformance, testing::ValuesIn(implementations()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace posthorn::conformance
