// What recovery reads is bounded, whatever the store's size and however long an endpoint is down (docs/store.md).
#include "store/sqlite/recovery.hpp"

#include <atomic>
#include <future>

#include "base/limits.hpp"
#include "store/sqlite/backup.hpp"
#include "store/sqlite/load_directory.hpp"
#include "store/sqlite/store.hpp"
#include "temp_store.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace limits = base::limits;

class still_clock final : public base::clock {
 public:
  base::epoch_ms wall() const noexcept override { return now_; }
  base::epoch_ms engine() const noexcept override { return now_; }
  void raise_engine(base::epoch_ms) noexcept override {}
  void advance(base::epoch_ms by) { now_ += by; }

 private:
  std::atomic<base::epoch_ms> now_{1'800'000'000'000};
};

// A receiver that never answers: lanes take everything and report nothing.
class hanging_lanes final : public delivery_sink {
 public:
  bool reserve(model::endpoint_id, std::uint64_t, std::size_t) override { return true; }
  void release(model::endpoint_id, std::uint64_t, std::size_t) override {}
  void offer(std::vector<owed_delivery>) override {}
  void allow_sending(bool) override {}
};

constexpr int old_events = 2'000'000;
const std::string master_key(secret_box::key_bytes, 'k');

// Two million events owed to `endpoint`, as its time of being disabled has left them.
void owe_for_long(const std::string& directory, model::endpoint_id endpoint, model::integration_no integration) {
  auto on = connection::open(directory + "/posthorn.db", connection::mode::read_write).value();
  const std::string numbers =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<" + std::to_string(old_events) + ") ";
  const std::string to = std::to_string(endpoint);
  // Below every id that the allocator gives at the tests' time, and so below the watermark.
  for (const std::string& sql :
       {std::string("PRAGMA synchronous=OFF"), std::string("BEGIN"),
        numbers + "INSERT INTO event SELECT i*2," + std::to_string(integration) + ",'t',0,'',0,x'00','{}' FROM n",
        numbers + "INSERT INTO pending SELECT " + to + ",i*2+1,i*2+1,i*2,i,1,NULL,0,0,0,0 FROM n",
        std::string("COMMIT")}) {
    ASSERT_EQ(on.exec(sql.c_str()), SQLITE_OK) << on.message();
  }
}

// What a start on a copy of the running store, as after kill -9, finds.
recovery_summary recover_copy(const std::string& directory, const std::string& copy) {
  EXPECT_TRUE(backup(directory, copy));
  auto on = connection::open(copy, connection::mode::read_write).value();
  auto secrets = secret_box::make(master_key).value();
  const auto now_current = load_directory(on, secrets, 1'800'000'000'000, nullptr).value();
  rows sql(on);
  ledger known;
  id_allocator ids;
  ids.raise(greatest_id(on).value());
  counters count;
  hanging_lanes lanes;
  commit_group group{.sql = sql, .known = known, .ids = ids, .sink = lanes, .count = count, .now = 1, .wall = 1};
  auto summary = recover(on, group, now_current, {});
  EXPECT_TRUE(summary) << summary.error().detail;
  on = {};
  std::filesystem::remove(copy);
  return summary.value_or(recovery_summary{});
}

class long_outage : public testing::Test {
 protected:
  void SetUp() override {
    open();
    auto made =
        store_->config().create_deployment(store_->current()->companies.begin()->first, "d", model::preset::standard);
    ASSERT_TRUE(made);
    integration_ = made->test.value.number;
    down_ = endpoint();
    up_ = endpoint();
    ASSERT_TRUE(store_->config().set_endpoint_state(down_, model::endpoint_state::disabled, "a long outage"));
    store_.reset();
    owe_for_long(files_.directory(), down_, integration_);
    open();
    ASSERT_TRUE(store_->start(lanes_));
  }

  void open() {
    store_ =
        embedded_store::open(
            {.data_directory = files_.directory(), .master_key = master_key, .disk_free_low_water_bytes = 0}, clock_)
            .value();
  }

  model::endpoint_id endpoint() {
    model::endpoint wanted = model::endpoint_from_preset(model::preset::standard);
    wanted.integration = integration_;
    wanted.url = "https://example.com/hook";
    return store_->config().create_endpoint(wanted)->id;
  }

  void accept(int count, std::vector<model::endpoint_id> targets) {
    std::vector<event_draft> drafts;
    for (int i = 0; i < count; ++i) {
      event_draft one;
      one.integration = integration_;
      one.type = "t";
      one.payload = "{}";
      one.targets = targets;
      drafts.push_back(std::move(one));
    }
    std::promise<void> done;
    store_->intake().accept(std::move(drafts), [&](std::vector<accept_result> results) {
      for (const auto& each : results) EXPECT_TRUE(each);
      done.set_value();
    });
    done.get_future().wait();
  }

  temp_store files_;
  still_clock clock_;
  hanging_lanes lanes_;
  std::unique_ptr<embedded_store> store_;
  model::integration_no integration_ = 0;
  model::endpoint_id down_ = 0, up_ = 0;
};

TEST_F(long_outage, leaves_a_bounded_tail) {
  constexpr int held = 10, later = 20'000;
  accept(held, {down_, up_});
  for (int i = 0; i < later; i += 1'000) accept(1'000, {down_});
  const std::string copy = files_.directory() + "/copy.db";

  // The oldest that hangs holds the watermark down, until it has done so for watermark_lag_ms_max.
  const auto before = recover_copy(files_.directory(), copy);
  EXPECT_EQ(before.requeued, held);
  EXPECT_EQ(before.pending_rows, static_cast<std::uint64_t>(old_events + held + later));
  EXPECT_LE(before.tail_events, static_cast<std::uint64_t>(held + later));
  EXPECT_LE(before.tail_events, limits::watermark_lag_deliveries_max);

  clock_.advance(limits::watermark_lag_ms_max);
  accept(1, {down_});
  const auto after = recover_copy(files_.directory(), copy);
  EXPECT_EQ(after.requeued, 0u);
  EXPECT_EQ(after.pending_rows, static_cast<std::uint64_t>(old_events + held + later + 1 + held));
  // An event takes two ids here, and the look back is the largest fan-out.
  EXPECT_LE(after.tail_events, limits::endpoints_per_integration_max / 2 + 2);
}

}  // namespace
}  // namespace posthorn::store::sqlite
