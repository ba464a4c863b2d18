// What the writer keeps in memory goes when nobody needs it, and is asked for elsewhere when it is not there.
#include "store/sqlite/ledger.hpp"

#include "store/sqlite/control.hpp"
#include "store/sqlite/recovery.hpp"
#include "temp_store.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr base::epoch_ms now = 1'800'000'000'000;

TEST(ledger, a_lane_goes_with_its_endpoint_once_nothing_is_owed_to_it) {
  temp_store store;
  rows sql(store.on());
  ledger known;
  id_allocator ids;
  counters count;
  no_lanes lanes;
  control changes(store.on());
  commit_group group{.sql = sql, .known = known, .ids = ids, .sink = lanes, .count = count, .now = now, .wall = now};
  constexpr model::endpoint_id live = 1, gone = 2, owed = 3;
  for (const model::endpoint_id each : {live, gone, owed}) known.add_lane(each).deleted = each != live;
  known.add_direct({.id = 10, .event = 9, .endpoint = owed, .lane_key = 1, .since = now});
  static_cast<void>(changes.step(group));
  EXPECT_NE(known.lane(live), nullptr);
  EXPECT_EQ(known.lane(gone), nullptr);
  ASSERT_NE(known.lane(owed), nullptr);
  known.close_direct(*known.direct(10));
  static_cast<void>(changes.step(group));
  EXPECT_EQ(known.lane(owed), nullptr);
}

TEST(ledger, keys_beyond_what_is_recalled_are_looked_up) {
  temp_store store;
  const auto key_of = [](std::uint8_t i) {
    std::array<std::uint8_t, 16> key{};
    key[0] = i;
    return key;
  };
  int asked = 0;
  idempotency_memory memory(
      [&](const std::array<std::uint8_t, 16>&) -> std::optional<idempotent_answer> {
        ++asked;
        return std::nullopt;
      },
      3);
  const auto recall = [&](int rows) {
    store.exec("DELETE FROM idem");
    for (int i = 1; i <= rows; ++i) {
      const std::string number = std::to_string(i);
      store.exec("INSERT INTO idem(id,key,body,at,deliveries) VALUES(" + number + ",x'0" + number +
                 "000000000000000000000000000000',zeroblob(16)," + std::to_string(now) + ",0)");
    }
    ASSERT_TRUE(recall_idempotency(store.on(), memory, now));
  };
  recall(2);
  EXPECT_TRUE(memory.find(key_of(1), now));
  EXPECT_FALSE(memory.find(key_of(9), now));
  EXPECT_EQ(asked, 0) << "all of them are known";
  recall(4);
  EXPECT_TRUE(memory.find(key_of(4), now));
  EXPECT_FALSE(memory.find(key_of(1), now));
  EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace posthorn::store::sqlite
