#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "base/limits.hpp"
#include "store/sqlite/audit_table.hpp"
#include "temp_store.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace json = boost::json;

constexpr base::epoch_ms day_ms = 24LL * 3600 * 1000;
constexpr base::epoch_ms now = 1'700'000'000'000;

class audit_rows : public testing::Test {
 protected:
  void write(base::epoch_ms at) {
    ASSERT_TRUE(write_audit(store_.on(), {.integration_id = "1", .action = "POST /x", .object = "o"}, {}, at));
  }
  std::int64_t count() { return store_.number("SELECT count(*) FROM audit"); }

  temp_store store_;
};

TEST_F(audit_rows, go_when_they_are_too_old_a_slice_at_a_time) {
  const auto slice = static_cast<int>(base::limits::retention_trim_rows);
  for (int i = 0; i < slice + 3; ++i) write(now - base::limits::audit_days_max * day_ms - 1);
  write(now - base::limits::audit_days_max * day_ms);
  write(now);
  EXPECT_TRUE(trim_audit(store_.on(), now).value());
  EXPECT_EQ(count(), 5);
  EXPECT_FALSE(trim_audit(store_.on(), now).value());
  EXPECT_EQ(count(), 2);
}

TEST_F(audit_rows, go_when_they_are_too_many) {
  write(now);
  store_.exec(
      "INSERT INTO audit SELECT id+1000000,at,actor,actor_id,company,integration_id,action,object,before,after,remote,"
      "request_id FROM audit");
  EXPECT_FALSE(trim_audit(store_.on(), now).value());
  EXPECT_EQ(count(), 1);
}

TEST_F(audit_rows, the_newest_stays_so_that_no_id_is_used_twice) {
  write(1);
  EXPECT_FALSE(trim_audit(store_.on(), now).value());
  EXPECT_EQ(count(), 1);
}

TEST(audit_difference, tells_only_what_differs) {
  const audited_change told = difference(json::parse(R"({"same":1,"other":[1],"gone":null})").as_object(),
                                         json::parse(R"({"same":1,"other":[2],"new":{}})").as_object());
  EXPECT_EQ(told.before, R"({"other":[1],"gone":null})");
  EXPECT_EQ(told.after, R"({"other":[2],"new":{}})");
}

}  // namespace
}  // namespace posthorn::store::sqlite
