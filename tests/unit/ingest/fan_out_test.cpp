#include "ingest/fan_out.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace posthorn::ingest {
namespace {

using model::endpoint_kind;
using ids = std::vector<model::endpoint_id>;

class FanOut : public testing::Test {
 protected:
  void add(model::endpoint_id id, std::vector<std::string> types, std::string filter = "",
           endpoint_kind kind = endpoint_kind::events, std::int32_t version = 1) {
    model::endpoint endpoint;
    endpoint.id = id;
    endpoint.event_types = std::move(types);
    endpoint.filter = std::move(filter);
    endpoint.kind = kind;
    endpoint.config_version = version;
    of_.endpoints.push_back(std::make_shared<const model::endpoint>(endpoint));
  }

  [[nodiscard]] ids targets(std::string_view type, std::string_view payload,
                            endpoint_kind kind = endpoint_kind::events) const {
    parsed_payload looked_into(payload);
    return fan_.targets(of_, kind, type, looked_into);
  }

  store::integration_entry of_;
  fan_out fan_;
};

TEST_F(FanOut, AFilterSeesWhatIsDelivered) {
  add(1, {"*"});
  add(2, {"*"}, R"({"pointer":"/event/details/score","ge":700})");
  const auto envelope = [](int score) {
    return R"({"uid":"abcde","integration_id":"1","event":{"type":"t","details":{"score":)" + std::to_string(score) +
           "}}}";
  };
  EXPECT_EQ(targets("t", envelope(700)), (ids{1, 2}));
  EXPECT_EQ(targets("t", envelope(699)), ids{1});
}

TEST_F(FanOut, AnEventThatNobodyWantsHasNoTargets) {
  add(1, {"a"});
  add(2, {"*"}, R"({"pointer":"/n","equals":1})");
  EXPECT_EQ(targets("b", R"({"n":2})"), ids{});
}

TEST_F(FanOut, SubscriptionAndFilterMustBothHold) {
  add(1, {"a.*"}, R"({"pointer":"/n","equals":1})");
  EXPECT_EQ(targets("a.b", R"({"n":1})"), ids{1});
  EXPECT_EQ(targets("b", R"({"n":1})"), ids{});
  EXPECT_EQ(targets("a.b", R"({"n":2})"), ids{});
}

TEST_F(FanOut, OneEndpointTakesWhatItIsATargetOf) {
  add(1, {"a.*"}, R"({"pointer":"/n","equals":1})");
  add(2, {"b"});
  add(3, {"*"}, R"({"pointer":"/n","exists":false})");
  for (const char* type : {"a.b", "b", "c"}) {
    for (const char* payload : {R"({"n":1})", R"({"n":2})", "{}", R"({"n":1e999})"}) {
      const ids wanted = targets(type, payload);
      for (const store::shared_endpoint& each : of_.endpoints) {
        const bool is_target = std::ranges::find(wanted, each->id) != wanted.end();
        EXPECT_EQ(fan_.takes(*each, type, payload), is_target) << each->id << " " << type << " " << payload;
      }
    }
  }
}

TEST_F(FanOut, EachKindHasItsOwnEvents) {
  add(1, {"*"});
  add(2, {"*"}, "", endpoint_kind::operational);
  EXPECT_EQ(targets("endpoint.disabled", "{}"), ids{1});
  EXPECT_EQ(targets("endpoint.disabled", "{}", endpoint_kind::operational), ids{2});
}

TEST_F(FanOut, AChangedFilterIsUsedAtOnce) {
  add(1, {"*"}, R"({"pointer":"/n","equals":1})");
  EXPECT_EQ(targets("t", R"({"n":1})"), ids{1});
  of_.endpoints.clear();
  add(1, {"*"}, R"({"pointer":"/n","equals":2})", endpoint_kind::events, 2);
  EXPECT_EQ(targets("t", R"({"n":1})"), ids{});
  EXPECT_EQ(targets("t", R"({"n":2})"), ids{1});
}

TEST_F(FanOut, APayloadBeyondTheFiltersReachIsDelivered) {
  add(1, {"*"}, R"({"pointer":"/n","equals":1})");
  EXPECT_EQ(targets("t", R"({"n":"\ud800"})"), ids{1});
  EXPECT_EQ(targets("t", R"({"n":1e99999999999})"), ids{1});
}

TEST_F(FanOut, NumbersBeyond64BitsAreSeenAsTheNearestDouble) {
  add(1, {"*"}, R"({"pointer":"/n","gt":18446744073709551615})");
  EXPECT_EQ(targets("t", R"({"n":184467440737095516150})"), ids{1});
}

}  // namespace
}  // namespace posthorn::ingest
