// What the tests of an endpoint's condition and of its news share.
#pragma once

#include <utility>
#include <vector>

#include "conformance/store_harness.hpp"

namespace posthorn::conformance {

using model::delivery_state;
using model::endpoint_state;
using model::health_change;
using store::verdict;

class health_conformance : public store_conformance {
 protected:
  static constexpr base::epoch_ms gap_ms = 5'000;

  // The backlog is looked at after each commit: the second one comes after that.
  void settle() {
    store_conformance::settle();
    store_conformance::settle();
  }

  model::endpoint_id plain() { return endpoint(model::order_rule::none); }

  model::endpoint_id operational(std::vector<std::string> types) {
    model::endpoint wanted = model::endpoint_from_preset(model::preset::standard);
    wanted.integration = integration_;
    wanted.url = "https://example.com/news";
    wanted.kind = model::endpoint_kind::operational;
    wanted.event_types = std::move(types);
    auto made = store_.config->create_endpoint(wanted);
    EXPECT_TRUE(made) << made.error().detail;
    return made->id;
  }

  store::shared_endpoint now_is(model::endpoint_id id) { return store_.directory->current()->endpoints.at(id); }

  // A report as a worker makes it: concluded for the endpoint as it is.
  store::attempt_report concluded(const store::owed_delivery& of, verdict decided, health_change change,
                                  base::epoch_ms due = 0) {
    auto made = report(of, decided, due);
    made.health.change = change;
    made.health.state_version = now_is(of.endpoint)->condition.state_version;
    made.health.probe_at = clock_.engine() + gap_ms;
    made.health.failing_since = of.failing_since;
    made.health.reason = "it fails";
    return made;
  }

  // The endpoint's breaker opens by the failure of one delivery, which is due again in `retry_ms`.
  store::owed_delivery degrade(model::endpoint_id to, base::epoch_ms retry_ms = 60'000) {
    accept_one(draft({to}));
    auto owed = sink_->take();
    record(concluded(owed, verdict::retry, health_change::open, clock_.engine() + retry_ms));
    EXPECT_EQ(now_is(to)->state, endpoint_state::degraded);
    return owed;
  }

  store::delivery_view view(model::delivery_id id) { return *store_.queries->find_delivery(integration_, id); }
};

}  // namespace posthorn::conformance
