// Every list against a brute-force oracle, whatever share of the store is in the index, and however short the time.
#include "store/sqlite/sqlite_queries.hpp"

#include <fstream>

#include "random_store.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr int all_events = 1'500;

struct indexing {
  const char* name;
  int events;   // in the index; -1: there is no index.db that a reader could use
  int read_ms;  // 0: every page ends at its first id
  std::size_t rows;
};

class lists : public testing::TestWithParam<indexing> {
 protected:
  static void SetUpTestSuite() { data_ = std::make_unique<random_store>(all_events); }
  static void TearDownTestSuite() { data_.reset(); }

  void SetUp() override {
    const std::string path = files().index_path();
    std::filesystem::remove_all(path);
    std::filesystem::remove(path + "-wal");
    std::filesystem::remove(path + "-shm");
    auto writer = index_writer::open(files().store_path(), path).value();
    for (int left = GetParam().events; left > 0;) {
      const auto done = writer->advance(static_cast<std::size_t>(std::min(left, 97))).value();
      if (done.events == 0) break;
      left -= static_cast<int>(done.events);
    }
    builder_ = index_builder::open({.store_path = files().store_path(), .index_path = path, .purge = {}}).value();
    if (GetParam().events < 0) std::ofstream(path, std::ios::trunc) << "no database";
    queries_ = std::make_unique<sqlite_queries>(
        read_pool::options{
            .store_path = files().store_path(), .index_path = path, .read_ms = GetParam().read_ms, .steps_min = 0},
        *builder_);
  }

  static temp_store& files() { return data_->files(); }

  template <class Call>
  auto all_pages(Call call) {
    auto got = call(0).value();
    auto rows = std::move(got.rows);
    while (got.next_cursor != 0) {
      const std::int64_t cursor = got.next_cursor;
      got = call(cursor).value();
      EXPECT_LE(got.rows.size(), GetParam().rows);
      EXPECT_TRUE(got.next_cursor == 0 || got.next_cursor < cursor) << "pages go on";
      rows.insert(rows.end(), got.rows.begin(), got.rows.end());
    }
    return rows;
  }

  void expect_events(const event_filter& filter, const std::string& what) {
    std::vector<event_view> wanted;
    std::ranges::copy_if(data_->events(), std::back_inserter(wanted), [&](const event_view& each) {
      return each.integration == filter.integration && (!filter.uid || each.uid == *filter.uid) &&
             (!filter.type || each.type == *filter.type) && (!filter.state || each.state == *filter.state) &&
             each.accepted_at >= filter.since && (filter.until == 0 || each.accepted_at < filter.until) &&
             (!filter.endpoint || std::ranges::any_of(each.deliveries, [&](const delivery_view& delivery) {
               return delivery.endpoint == *filter.endpoint;
             }));
    });
    const auto got =
        all_pages([&](std::int64_t cursor) { return queries_->list_events(filter, cursor, GetParam().rows); });
    ASSERT_EQ(got.size(), wanted.size()) << what;
    for (std::size_t i = 0; i < got.size(); ++i) {
      ASSERT_EQ(got[i].id, wanted[i].id) << what;
      EXPECT_EQ(got[i].state, wanted[i].state);
      EXPECT_EQ(got[i].type, wanted[i].type);
      EXPECT_EQ(got[i].uid, wanted[i].uid);
      EXPECT_EQ(got[i].accepted_at, wanted[i].accepted_at);
      EXPECT_EQ(got[i].payload_bytes, wanted[i].payload_bytes);
      ASSERT_EQ(got[i].deliveries.size(), wanted[i].deliveries.size());
      for (std::size_t k = 0; k < got[i].deliveries.size(); ++k) {
        expect_equal(got[i].deliveries[k], wanted[i].deliveries[k]);
      }
    }
  }

  void expect_deliveries(const delivery_filter& filter, const std::string& what) {
    std::vector<delivery_view> wanted = data_->deliveries(filter.integration);
    std::erase_if(wanted, [&](const delivery_view& each) {
      return (filter.endpoint && each.endpoint != *filter.endpoint) || (filter.state && each.state != *filter.state);
    });
    const auto got =
        all_pages([&](std::int64_t cursor) { return queries_->list_deliveries(filter, cursor, GetParam().rows); });
    ASSERT_EQ(got.size(), wanted.size()) << what;
    for (std::size_t i = 0; i < got.size(); ++i) expect_equal(got[i], wanted[i]);
  }

  static void expect_equal(const delivery_view& got, const delivery_view& wanted) {
    EXPECT_EQ(got.id, wanted.id);
    EXPECT_EQ(got.event, wanted.event);
    EXPECT_EQ(got.endpoint, wanted.endpoint);
    EXPECT_EQ(got.state, wanted.state) << got.id;
    EXPECT_EQ(got.attempts, wanted.attempts);
    EXPECT_EQ(got.last_status, wanted.last_status);
    EXPECT_EQ(got.last_error, wanted.last_error);
    EXPECT_EQ(got.next_try_at, wanted.next_try_at);
    EXPECT_EQ(got.finished_at, wanted.finished_at);
    EXPECT_EQ(got.waits_for, wanted.waits_for);
  }

  static inline std::unique_ptr<random_store> data_;
  std::unique_ptr<index_builder> builder_;
  std::unique_ptr<sqlite_queries> queries_;
};

using enum model::event_state;
constexpr model::event_state event_states[] = {unrouted, pending, delivered, failed};

TEST_P(lists, events_without_a_filter) {
  expect_events({.integration = 1}, "all of 1");
  expect_events({.integration = 2}, "all of 2");
  expect_events({.integration = 3}, "an integration without events");
}

TEST_P(lists, events_by_uid) {
  for (int i = 0; i < 5; ++i) {
    expect_events({.integration = 1, .uid = "uid-" + std::to_string(i)}, "uid");
  }
  expect_events({.integration = 2, .uid = "uid-1", .type = "type.1"}, "uid and type");
  expect_events({.integration = 2, .uid = "uid-1", .state = pending}, "uid and state");
  expect_events({.integration = 2, .uid = "unknown"}, "unknown uid");
}

TEST_P(lists, events_by_type) {
  expect_events({.integration = 1, .type = "type.3"}, "type");
  expect_events({.integration = 1, .type = "unknown"}, "unknown type");
}

TEST_P(lists, events_by_endpoint) {
  for (int k = 0; k < random_store::endpoints_each; ++k) {
    expect_events({.integration = 1, .endpoint = random_store::endpoint(1, k)}, "endpoint");
  }
  expect_events({.integration = 1, .type = "type.2", .endpoint = random_store::endpoint(1, 0)}, "endpoint and type");
  expect_events({.integration = 1, .endpoint = random_store::endpoint(2, 0)}, "another integration's endpoint");
}

TEST_P(lists, events_by_state) {
  for (const auto state : event_states) {
    expect_events({.integration = 2, .state = state}, std::string(model::to_string(state)));
    expect_events({.integration = 2, .type = "type.0", .endpoint = random_store::endpoint(2, 1), .state = state},
                  "state, type, endpoint");
  }
}

// Each filter alone and with every other: the streams of ids are intersected.
TEST_P(lists, events_by_every_pair_of_filters) {
  const base::epoch_ms first = data_->events().back().accepted_at;
  const base::epoch_ms middle = first + (data_->events().front().accepted_at - first) / 2;
  for (int k = 0; k < random_store::endpoints_each; ++k) {
    const model::endpoint_id to = random_store::endpoint(1, k);
    for (const auto state : event_states) {
      const std::string what = "endpoint " + std::to_string(k) + ", " + std::string(model::to_string(state));
      expect_events({.integration = 1, .endpoint = to, .state = state}, what);
      expect_events({.integration = 1, .uid = "uid-7", .endpoint = to, .state = state}, what + ", uid");
      expect_events({.integration = 1, .endpoint = to, .state = state, .since = middle}, what + ", since");
      expect_events({.integration = 1, .type = "type.4", .state = state, .until = middle}, what + ", type, until");
    }
    expect_events({.integration = 1, .uid = "uid-3", .endpoint = to}, "uid and endpoint");
  }
}

TEST_P(lists, events_by_time) {
  const base::epoch_ms first = data_->events().back().accepted_at;
  const base::epoch_ms last = data_->events().front().accepted_at;
  for (int part = 1; part < 8; ++part) {
    const base::epoch_ms middle = first + (last - first) * part / 8;
    expect_events({.integration = 1, .since = middle}, "since");
    expect_events({.integration = 1, .until = middle}, "until");
    expect_events({.integration = 1, .type = "type.1", .since = middle, .until = middle + 600'000}, "ten minutes");
  }
  expect_events({.integration = 1, .since = last + 3'600'000}, "in the future");
  expect_events({.integration = 1, .until = first - 3'600'000}, "before the first");
}

TEST_P(lists, deliveries) {
  expect_deliveries({.integration = 1}, "all");
  for (int k = 0; k < random_store::endpoints_each; ++k) {
    expect_deliveries({.integration = 2, .endpoint = random_store::endpoint(2, k)}, "endpoint");
  }
  using enum model::delivery_state;
  for (const auto state : {model::delivery_state::pending, retrying, parked, model::delivery_state::delivered,
                           model::delivery_state::failed, cancelled}) {
    expect_deliveries({.integration = 1, .state = state}, std::string(model::to_string(state)));
    expect_deliveries({.integration = 1, .endpoint = random_store::endpoint(1, 1), .state = state}, "and endpoint");
  }
  expect_deliveries({.integration = 1, .endpoint = random_store::endpoint(2, 1)}, "another integration's endpoint");
}

TEST_P(lists, one_event_and_one_delivery_with_attempts) {
  for (std::size_t i = 0; i < data_->events().size(); i += 37) {
    const event_view& wanted = data_->events()[i];
    const auto got = queries_->find_event(wanted.integration, wanted.id).value();
    ASSERT_EQ(got.deliveries.size(), wanted.deliveries.size());
    EXPECT_EQ(queries_->find_payload(wanted.integration, wanted.id).value().size(), wanted.payload_bytes);
    for (std::size_t k = 0; k < got.deliveries.size(); ++k) {
      const delivery_view& delivery = got.deliveries[k];
      expect_equal(delivery, wanted.deliveries[k]);
      ASSERT_EQ(delivery.attempt_list.size(), static_cast<std::size_t>(delivery.attempts));
      for (int n = 0; n < delivery.attempts; ++n) {
        EXPECT_EQ(delivery.attempt_list[static_cast<std::size_t>(n)].number, n + 1);
      }
      const auto alone = queries_->find_delivery(wanted.integration, delivery.id).value();
      expect_equal(alone, delivery);
      EXPECT_EQ(alone.attempt_list.size(), delivery.attempt_list.size());
      EXPECT_EQ(queries_->find_delivery(3 - wanted.integration, delivery.id).error().code, base::fault::not_found);
    }
    EXPECT_EQ(queries_->find_event(3 - wanted.integration, wanted.id).error().code, base::fault::not_found);
    EXPECT_EQ(queries_->find_payload(3 - wanted.integration, wanted.id).error().code, base::fault::not_found);
    EXPECT_EQ(queries_->find_delivery(wanted.integration, wanted.id).error().code, base::fault::not_found);
  }
}

INSTANTIATE_TEST_SUITE_P(store, lists,
                         testing::Values(indexing{"all_indexed", all_events + 1, 10'000, 40},
                                         indexing{"half_indexed", 700, 10'000, 7},
                                         indexing{"nothing_indexed", 0, 10'000, 500},
                                         indexing{"index_unreadable", -1, 10'000, 50},
                                         indexing{"half_indexed_without_time", 700, 0, 50}),
                         [](const testing::TestParamInfo<indexing>& each) { return std::string(each.param.name); });

TEST(list_limits, are_kept) {
  random_store data(1'200);
  auto builder = index_builder::open(
                     {.store_path = data.files().store_path(), .index_path = data.files().index_path(), .purge = {}})
                     .value();
  sqlite_queries queries({.store_path = data.files().store_path(), .index_path = data.files().index_path()}, *builder);
  EXPECT_EQ(queries.list_events({.integration = 1}, 0, 100'000).value().rows.size(), base::limits::page_rows_max);
  EXPECT_EQ(queries.list_events({.integration = 1}, 0, 0).value().rows.size(), 1u);
}

TEST(list_limits, let_a_read_without_time_look_at_some_ids_all_the_same) {
  random_store data(100);
  auto builder = index_builder::open(
                     {.store_path = data.files().store_path(), .index_path = data.files().index_path(), .purge = {}})
                     .value();
  const auto rows_within = [&](int steps_min) {
    sqlite_queries queries({.store_path = data.files().store_path(),
                            .index_path = data.files().index_path(),
                            .read_ms = 0,
                            .steps_min = steps_min},
                           *builder);
    return queries.list_events({.integration = 1}, 0, 500).value().rows.size();
  };
  EXPECT_LE(rows_within(0), 1u);
  EXPECT_GT(rows_within(20), 5u);
  EXPECT_EQ(rows_within(10'000), static_cast<std::size_t>(std::ranges::count(data.events(), model::integration_no{1},
                                                                             &event_view::integration)));
}

}  // namespace
}  // namespace posthorn::store::sqlite
