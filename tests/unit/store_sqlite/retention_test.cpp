#include "store/sqlite/retention.hpp"

#include <set>

#include "random_store.hpp"
#include "store/sqlite/index_builder.hpp"
#include "store/sqlite/transaction.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
constexpr int patience_ms = 30'000;

// Tells the time that the test sets.
class set_clock final : public base::clock {
 public:
  explicit set_clock(base::epoch_ms now) : now_(now) {}
  [[nodiscard]] base::epoch_ms wall() const noexcept override { return now_; }
  [[nodiscard]] base::epoch_ms engine() const noexcept override { return now_; }
  void raise_engine(base::epoch_ms) noexcept override {}

 private:
  base::epoch_ms now_;
};

class retention : public testing::Test {
 protected:
  // Runs one pass at `wall`, purging through the store's own connection.
  void pass(base::epoch_ms wall) {
    const set_clock clock(wall);
    temp_store& files = data_.files();
    auto builder =
        index_builder::open({.store_path = files.store_path(),
                             .index_path = files.index_path(),
                             .purge = [&](const std::vector<model::event_id>& ids) { return write(ids, wall); },
                             .clock = &clock,
                             .wake_ms_min = 1})
            .value();
    builder->request_retention_pass();
    builder->start();
    ASSERT_TRUE(builder->wait_for_retention_pass(patience_ms));
  }

  base::result<purge_result> write(const std::vector<model::event_id>& ids, base::epoch_ms wall) {
    transaction scope(data_.files().on(), "BEGIN IMMEDIATE");
    auto done = purge(data_.files().on(), ids, wall);
    EXPECT_TRUE(done);
    EXPECT_TRUE(scope.commit("purging"));
    return done;
  }

  std::set<model::event_id> kept_ids() {
    std::set<model::event_id> ids;
    statement query(data_.files().on(), "SELECT id FROM event");
    while (query.step() == SQLITE_ROW) ids.insert(query.integer(0));
    return ids;
  }

  // Every row that belongs to a delivery or an event belongs to one that is there.
  void expect_no_orphans() {
    std::set<std::int64_t> deliveries, events;
    const auto kept = kept_ids();
    for (const event_view& each : data_.events()) {
      if (!kept.contains(each.id)) continue;
      events.insert(each.id);
      for (const delivery_view& delivery : each.deliveries) deliveries.insert(delivery.id);
    }
    for (const char* sql : {"SELECT dlv FROM outcome", "SELECT dlv FROM attempt", "SELECT dlv FROM extra_delivery",
                            "SELECT dlv FROM pending"}) {
      statement query(data_.files().on(), sql);
      while (query.step() == SQLITE_ROW) EXPECT_TRUE(deliveries.contains(query.integer(0))) << sql;
    }
    auto index = connection::open(data_.files().index_path(), connection::mode::read_only).value();
    statement by_type(index,
                      "SELECT id FROM ev_type UNION ALL SELECT id FROM ev_uid UNION ALL "
                      "SELECT dlv FROM dlv_endpoint WHERE endpoint=0");
    while (by_type.step() == SQLITE_ROW) EXPECT_TRUE(events.contains(by_type.integer(0)));
    statement by_endpoint(index, "SELECT dlv FROM dlv_endpoint WHERE endpoint<>0");
    while (by_endpoint.step() == SQLITE_ROW) EXPECT_TRUE(deliveries.contains(by_endpoint.integer(0)));
  }

  random_store data_{1'500};
};

TEST_F(retention, removes_what_is_finished_and_old_and_nothing_else) {
  const base::epoch_ms middle = data_.events()[data_.events().size() / 2].accepted_at;
  data_.files().exec("UPDATE integration SET retention_days=1 WHERE number=2");
  const base::epoch_ms wall = middle + 30 * day_ms;
  pass(wall);
  const auto kept = kept_ids();
  std::size_t removed = 0;
  for (const event_view& each : data_.events()) {
    const bool old = each.accepted_at < (each.integration == 1 ? middle : middle + 29 * day_ms);
    const bool finished = each.state != model::event_state::pending;
    // Ticks may keep an event for a minute more; never remove one too early.
    if (kept.contains(each.id)) {
      EXPECT_FALSE(old && finished && each.integration == 2) << each.id;
    } else {
      EXPECT_TRUE(old && finished) << each.id;
      ++removed;
    }
  }
  EXPECT_GT(removed, data_.events().size() / 2);
  expect_no_orphans();
}

TEST_F(retention, comes_back_for_what_was_unfinished) {
  const base::epoch_ms wall = data_.events().front().accepted_at + 365 * day_ms;
  pass(wall);
  for (const event_view& each : data_.events()) {
    EXPECT_EQ(kept_ids().contains(each.id), each.state == model::event_state::pending);
    if (kept_ids().size() < 5) break;
  }
  data_.files().exec(
      "INSERT OR IGNORE INTO outcome SELECT dlv,endpoint,0,2,0,0,0,x'' FROM pending; DELETE FROM pending;");
  const auto lanes_only = [&](const event_view& each) {
    return std::ranges::any_of(each.deliveries, [&](const delivery_view& delivery) {
      return data_.files().number("SELECT count(*) FROM outcome WHERE dlv=" + std::to_string(delivery.id)) == 0;
    });
  };
  std::set<model::event_id> wanted;
  for (const event_view& each : data_.events()) {
    if (kept_ids().contains(each.id) && lanes_only(each)) wanted.insert(each.id);
  }
  pass(wall);
  EXPECT_EQ(kept_ids(), wanted) << "deliveries without any row are in lanes";
  expect_no_orphans();
}

TEST_F(retention, purge_itself_refuses_the_unfinished) {
  std::vector<model::event_id> all;
  for (const event_view& each : data_.events()) all.push_back(each.id);
  std::ranges::sort(all);
  const auto answer = write(all, random_store::start).value();
  for (const event_view& each : data_.events()) {
    EXPECT_EQ(std::ranges::binary_search(answer.purged, each.id), each.state != model::event_state::pending);
  }
  EXPECT_TRUE(write(all, random_store::start).value().purged.empty()) << "what is gone is not purged again";
}

TEST_F(retention, entries_that_a_crash_left_in_the_index_are_found) {
  index_writer::open(data_.files().store_path(), data_.files().index_path()).value()->advance().value();
  const model::event_id gone = data_.events().back().id;
  data_.files().exec("DELETE FROM event WHERE id=" + std::to_string(gone));
  pass(data_.events().front().accepted_at + 365 * day_ms);
  auto index = connection::open(data_.files().index_path(), connection::mode::read_only).value();
  statement query(index, "SELECT count(*) FROM ev_type WHERE id=?1");
  query.bind(1, gone);
  ASSERT_EQ(query.step(), SQLITE_ROW);
  EXPECT_EQ(query.integer(0), 0);
}

TEST_F(retention, old_keys_and_ticks_go_in_slices) {
  data_.files().exec(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<1200) "
      "INSERT INTO idem SELECT i,randomblob(16),x'',CASE WHEN i<=1100 THEN 0 ELSE 9000000000000 END,0 FROM n");
  const base::epoch_ms wall = random_store::start;
  EXPECT_TRUE(write({}, wall).value().more_to_trim);
  EXPECT_EQ(data_.files().number("SELECT count(*) FROM idem"), 700);
  while (write({}, wall).value().more_to_trim) {
  }
  EXPECT_EQ(data_.files().number("SELECT count(*) FROM idem"), 100);

  const model::event_id first_kept = data_.events()[data_.events().size() / 2].id;
  data_.files().exec("DELETE FROM event WHERE id<" + std::to_string(first_kept));
  write({}, wall).value();
  EXPECT_EQ(data_.files().number("SELECT count(*) FROM tick WHERE first_id<" + std::to_string(first_kept)), 0);
  EXPECT_GT(data_.files().number("SELECT count(*) FROM tick"), 0);
}

}  // namespace
}  // namespace posthorn::store::sqlite
