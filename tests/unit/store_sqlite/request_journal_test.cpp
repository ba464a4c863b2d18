#include "store/sqlite/request_journal.hpp"

#include "base/limits.hpp"
#include "temp_store.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace limits = base::limits;

class stepped_clock final : public base::clock {
 public:
  [[nodiscard]] base::epoch_ms wall() const noexcept override { return now; }
  [[nodiscard]] base::epoch_ms engine() const noexcept override { return now; }
  void raise_engine(base::epoch_ms) noexcept override {}
  base::epoch_ms now = 5'000;
};

request_log_entry entry(std::string integration = "i1", int status = 422) {
  return {0, 77, "POST", "/v1/events", status, "invalid-field", "why", "uid-1", std::move(integration), "127.0.0.1"};
}

TEST(request_journal, keeps_so_many_a_second_and_counts_the_rest) {
  stepped_clock clock;
  request_journal journal(clock);
  for (std::size_t i = 0; i < limits::request_log_rows_per_s_max + 10; ++i) journal.note(entry());
  EXPECT_EQ(journal.dropped(), 10u);
  clock.now += 1'000;
  journal.note(entry());
  EXPECT_EQ(journal.dropped(), 10u);
  EXPECT_EQ(journal.take().size(), limits::request_log_rows_per_s_max + 1);
  EXPECT_TRUE(journal.take().empty());
}

TEST(request_journal, waits_with_so_many_only) {
  stepped_clock clock;
  request_journal journal(clock);
  for (std::size_t i = 0; i < limits::request_log_waiting_max + 5; ++i) {
    clock.now += 1'000;
    journal.note(entry());
  }
  EXPECT_EQ(journal.dropped(), 5u);
  EXPECT_EQ(journal.take().size(), limits::request_log_waiting_max);
}

TEST(request_journal, pages_newest_first_and_by_integration) {
  temp_store files;
  std::vector<request_log_entry> entries;
  for (int i = 0; i < 10; ++i) entries.push_back(entry(i % 2 == 0 ? "even" : "odd", 400 + i));
  ASSERT_TRUE(write_requests(files.on(), entries));
  std::vector<int> statuses;
  for (std::int64_t cursor = 0;;) {
    const auto got = read_requests(files.on(), {.integration_id = "even"}, cursor, 2).value();
    for (const auto& each : got.rows) statuses.push_back(each.status);
    cursor = got.next_cursor;
    if (cursor == 0) break;
  }
  EXPECT_EQ(statuses, (std::vector{408, 406, 404, 402, 400}));
  const auto all = read_requests(files.on(), {}, 0, 500).value();
  ASSERT_EQ(all.rows.size(), 10u);
  EXPECT_EQ(all.next_cursor, 0);
  const auto& newest = all.rows.front();
  EXPECT_EQ(newest.method + newest.route + newest.error + newest.detail + newest.uid + newest.remote,
            "POST/v1/eventsinvalid-fieldwhyuid-1127.0.0.1");
  EXPECT_EQ(newest.at, 77);
}

TEST(request_journal, shows_a_company_its_integrations_alone) {
  temp_store files;
  files.exec(
      "INSERT INTO integration(number,deployment,company,environment,integration_id,retention_days) VALUES"
      "(1,1,7,'test','seven-test',30),(2,1,7,'production','seven',30),(3,2,8,'test','eight',30)");
  ASSERT_TRUE(write_requests(files.on(), {entry("seven-test", 401), entry("eight", 402), entry("seven", 403),
                                          entry("", 404), entry("nobody's", 405)}));
  const auto of_company = [&files](model::company_id company) {
    const auto got = read_requests(files.on(), {.company = company}, 0, 10).value();
    std::vector<int> statuses;
    for (const auto& each : got.rows) statuses.push_back(each.status);
    return statuses;
  };
  EXPECT_EQ(of_company(7), (std::vector{403, 401}));
  EXPECT_EQ(of_company(8), (std::vector{402}));
  EXPECT_EQ(of_company(9), (std::vector<int>{}));
}

TEST(request_journal, is_a_ring) {
  temp_store files;
  const std::vector<request_log_entry> entries(limits::request_log_rows_max, entry());
  files.exec("BEGIN");
  ASSERT_TRUE(write_requests(files.on(), entries));
  ASSERT_TRUE(write_requests(files.on(), {entry("newest"), entry("newest")}));
  files.exec("COMMIT");
  EXPECT_EQ(files.number("SELECT count(*) FROM request_log"), static_cast<std::int64_t>(limits::request_log_rows_max));
  EXPECT_EQ(files.number("SELECT min(id) FROM request_log"), 3);
}

}  // namespace
}  // namespace posthorn::store::sqlite
