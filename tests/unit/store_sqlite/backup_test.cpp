#include "store/sqlite/backup.hpp"

#include <atomic>
#include <fstream>
#include <thread>

#include "random_store.hpp"
#include "store/sqlite/migrate.hpp"

namespace posthorn::store::sqlite {
namespace {

TEST(backup, of_a_store_that_is_being_written_is_whole) {
  temp_store files;
  files.exec("CREATE TABLE pair_a(i INTEGER PRIMARY KEY, filler); CREATE TABLE pair_b(i INTEGER PRIMARY KEY, filler)");
  std::atomic<bool> stop{false};
  std::atomic<int> written{0};
  std::thread writer([&] {
    for (int i = 1; !stop; ++i) {
      const std::string n = std::to_string(i);
      files.exec("BEGIN; INSERT INTO pair_a VALUES(" + n + ",randomblob(500)); INSERT INTO pair_b VALUES(" + n +
                 ",randomblob(500)); COMMIT");
      written = i;
      written.notify_one();
    }
  });
  written.wait(0);
  const std::string target = files.directory() + "/copy.db";
  const auto done = backup(files.directory(), target);
  const int at_end = written;
  stop = true;
  writer.join();
  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_FALSE(std::filesystem::exists(target + ".partial"));
  EXPECT_FALSE(std::filesystem::exists(target + "-wal"));
  EXPECT_EQ(std::filesystem::status(target).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);

  auto copy = connection::open(target, connection::mode::read_write).value();
  ASSERT_TRUE(migrate(copy));
  statement query(copy,
                  "SELECT (SELECT count(*) FROM pair_a),(SELECT count(*) FROM pair_b),(SELECT max(i) FROM pair_a)");
  ASSERT_EQ(query.step(), SQLITE_ROW);
  EXPECT_EQ(query.integer(0), query.integer(1)) << "no half of a transaction";
  EXPECT_EQ(query.integer(0), query.integer(2));
  EXPECT_GE(query.integer(0), 1);
  EXPECT_LE(query.integer(0), at_end + 1);
}

TEST(backup, a_restored_one_has_everything) {
  random_store data(200);
  const std::string restored = data.files().directory() + "/restored";
  std::filesystem::create_directory(restored);
  ASSERT_TRUE(backup(data.files().directory(), restored + "/posthorn.db"));
  auto copy = connection::open(restored + "/posthorn.db", connection::mode::read_write).value();
  for (const char* table : {"event", "outcome", "pending", "attempt", "extra_delivery", "endpoint", "meta", "tick"}) {
    const std::string sql = std::string("SELECT count(*) FROM ") + table;
    statement query(copy, sql);
    ASSERT_EQ(query.step(), SQLITE_ROW);
    EXPECT_EQ(query.integer(0), data.files().number(sql)) << table;
  }
}

TEST(backup, replaces_no_file_and_says_what_failed) {
  temp_store files;
  const std::string target = files.directory() + "/copy.db";
  std::ofstream(target) << "mine";
  EXPECT_EQ(backup(files.directory(), target).error().code, base::fault::conflict);
  EXPECT_EQ(std::filesystem::file_size(target), 4u);
  EXPECT_FALSE(backup(files.directory(), files.directory() + "/no/such/directory/copy.db"));
  EXPECT_FALSE(backup(files.directory() + "/elsewhere", files.directory() + "/other.db"));
  EXPECT_FALSE(std::filesystem::exists(files.directory() + "/other.db"));
}

TEST(backup, replaces_what_an_earlier_try_left) {
  temp_store files;
  const std::string target = files.directory() + "/copy.db";
  std::ofstream(target + ".partial") << "left over";
  EXPECT_TRUE(backup(files.directory(), target));
  EXPECT_FALSE(std::filesystem::exists(target + ".partial"));
}

TEST(migrate, refuses_a_newer_schema_and_leaves_it_alone) {
  temp_store files;
  const std::int64_t version = files.number("PRAGMA user_version");
  ASSERT_TRUE(migrate(files.on()));
  EXPECT_EQ(files.number("PRAGMA user_version"), version);
  files.exec("PRAGMA user_version=" + std::to_string(version + 1));
  EXPECT_EQ(migrate(files.on()).error().code, base::fault::store_newer);
  EXPECT_EQ(files.number("PRAGMA user_version"), version + 1);
}

}  // namespace
}  // namespace posthorn::store::sqlite
