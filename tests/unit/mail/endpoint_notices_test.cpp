#include "mail/endpoint_notices.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace posthorn::mail {
namespace {

using model::endpoint_state;
constexpr base::epoch_ms hour = base::limits::notice_gap_ms;

class notices : public testing::Test {
 protected:
  notices() {
    auto entry = std::make_shared<store::integration_entry>();
    entry->value.number = 1;
    entry->value.company = 9;
    entry->value.integration_id = "10000000000000000001";
    now_.integrations[1] = entry;
    set(5, endpoint_state::active);
    plan_.emplace(std::vector<store::told_notice>{});
  }
  void set(model::endpoint_id id, endpoint_state state) {
    auto one = std::make_shared<model::endpoint>();
    one->id = id;
    one->integration = 1;
    one->url = "https://example.com/hook";
    one->state = state;
    one->state_reason = "why";
    now_.endpoints[id] = one;
  }
  std::vector<endpoint_state> look(base::epoch_ms at) {
    std::vector<endpoint_state> told;
    for (const notice& each : plan_->look(now_, at)) told.push_back(each.state);
    return told;
  }
  using states = std::vector<endpoint_state>;

  store::directory now_;
  std::optional<endpoint_notices> plan_;
};

TEST_F(notices, tell_of_a_change_once) {
  EXPECT_EQ(look(1), states{});
  set(5, endpoint_state::degraded);
  const auto told = plan_->look(now_, 2);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].company, 9);
  EXPECT_EQ(told[0].endpoint, 5);
  EXPECT_EQ(told[0].integration_id, "10000000000000000001");
  EXPECT_EQ(told[0].reason, "why");
  EXPECT_EQ(look(3), states{});
}

TEST_F(notices, come_at_most_once_an_hour_and_tell_what_is_so_then) {
  set(5, endpoint_state::degraded);
  EXPECT_EQ(look(1), states{endpoint_state::degraded});
  set(5, endpoint_state::active);
  EXPECT_EQ(look(2), states{});
  set(5, endpoint_state::disabled);
  EXPECT_EQ(look(hour), states{});
  EXPECT_EQ(look(hour + 1), states{endpoint_state::disabled});
  set(5, endpoint_state::active);
  EXPECT_EQ(look(2 * hour), states{});
  set(5, endpoint_state::disabled);
  EXPECT_EQ(look(3 * hour), states{}) << "as it was told";
}

TEST_F(notices, are_of_each_endpoint_by_itself) {
  set(6, endpoint_state::active);
  EXPECT_EQ(look(1), states{});
  set(5, endpoint_state::degraded);
  EXPECT_EQ(look(2).size(), 1u);
  set(6, endpoint_state::disabled);
  set(7, endpoint_state::active);
  EXPECT_EQ(look(3), states{endpoint_state::disabled});
}

TEST_F(notices, are_no_more_of_endpoints_that_are_deleted_and_made_again) {
  constexpr base::epoch_ms noon = 1'800'000'000'000;
  const auto make = [&](model::endpoint_id id, base::epoch_ms at) {
    set(id, endpoint_state::disabled);
    auto young = std::make_shared<model::endpoint>(*now_.endpoints[id]);
    young->created_at = at;
    now_.endpoints[id] = young;
  };
  make(10, noon);
  const auto first = plan_->look(now_, noon + 1);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_TRUE(first[0].is_young);
  EXPECT_EQ(first[0].integration, 1);
  for (model::endpoint_id id = 11; id < 20; ++id) {
    now_.endpoints.erase(id - 1);
    make(id, noon + id);
    EXPECT_EQ(look(noon + id + 1), states{}) << id;
  }
  plan_.emplace(std::vector<store::told_notice>{}, endpoint_notices::young_notices{{1, noon + 1}});
  EXPECT_EQ(look(noon + hour), states{}) << "over a restart";
  EXPECT_EQ(look(noon + hour + 1), states{endpoint_state::disabled}) << "it still is so";
  make(20, noon + hour + 2);
  set(5, endpoint_state::degraded);
  EXPECT_EQ(look(noon + hour + 3), states{endpoint_state::degraded}) << "one that is older is told by itself";
}

TEST_F(notices, are_not_of_pauses_nor_of_who_is_gone) {
  set(5, endpoint_state::paused);
  EXPECT_EQ(look(1), states{});
  set(5, endpoint_state::active);
  EXPECT_EQ(look(2), states{});
  now_.endpoints.erase(5);
  EXPECT_EQ(look(3), states{});
}

TEST_F(notices, are_of_an_endpoint_that_failed_before_it_was_seen) {
  set(8, endpoint_state::disabled);
  EXPECT_EQ(look(1), states{endpoint_state::disabled});
}

TEST_F(notices, go_on_after_a_restart_where_they_were) {
  set(5, endpoint_state::disabled);
  plan_.emplace(std::vector<store::told_notice>{{.endpoint = 5, .state = endpoint_state::disabled, .at = 10}});
  EXPECT_EQ(look(20), states{}) << "it was told";
  set(5, endpoint_state::active);
  plan_.emplace(std::vector<store::told_notice>{{.endpoint = 5, .state = endpoint_state::disabled, .at = 10}});
  EXPECT_EQ(look(30), states{}) << "the hour is not over";
  const auto told = plan_->look(now_, hour + 10);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].state, endpoint_state::active);
  EXPECT_EQ(told[0].at, hour + 10);
}

}  // namespace
}  // namespace posthorn::mail
