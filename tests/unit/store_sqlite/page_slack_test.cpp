#include "store/sqlite/page_slack.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/secure_deletes.hpp"
#include "store/sqlite/slack_scrubber.hpp"
#include "temp_store.hpp"

namespace posthorn::store::sqlite {
namespace {

// A leaf of a table: two cells, a gap from 12 to `content`.
std::string leaf(std::size_t content) {
  std::string page(512, '\0');
  page[0] = 13;
  page[4] = 2;
  page[5] = static_cast<char>(content >> 8);
  page[6] = static_cast<char>(content & 0xff);
  return page;
}

using ranges = std::vector<slack_range>;

TEST(page_slack, is_the_gap_and_the_free_blocks_but_for_their_headers) {
  std::string page = leaf(400);
  EXPECT_EQ(dirty_slack(page, false), ranges{}) << "clean";
  page[300] = 'x';
  EXPECT_EQ(dirty_slack(page, false), (ranges{{12, 400}}));
  page[300] = '\0';
  page[1] = static_cast<char>(420 >> 8);
  page[2] = static_cast<char>(420 & 0xff);
  page[423] = 10;  // no next, 10 bytes
  EXPECT_EQ(dirty_slack(page, false), ranges{});
  page[424] = 'x';
  EXPECT_EQ(dirty_slack(page, false), (ranges{{424, 430}}));
  page[411] = 'x';
  EXPECT_EQ(dirty_slack(page, false), (ranges{{424, 430}})) << "a cell is none of it";
}

TEST(page_slack, is_nothing_where_a_page_is_of_another_kind_or_damaged) {
  std::string page = leaf(400);
  page[300] = 'x';
  for (const char kind : {'\0', '\1', '\3', 'x'}) {
    std::string other = page;
    other[0] = kind;
    EXPECT_EQ(dirty_slack(other, false), ranges{});
  }
  std::string many_cells = page;
  many_cells[3] = 1;
  EXPECT_EQ(dirty_slack(many_cells, false), ranges{});
  std::string far = leaf(600);
  far[300] = 'x';
  EXPECT_EQ(dirty_slack(far, false), ranges{});
  for (const int block : {300, 511}) {
    std::string bad = page;
    bad[1] = static_cast<char>(block >> 8);
    bad[2] = static_cast<char>(block & 0xff);
    EXPECT_EQ(dirty_slack(bad, false), ranges{}) << block;
  }
  EXPECT_EQ(dirty_slack("short", false), ranges{});
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Rows of changing length among others, so that pages split, merge and are used again: whatever SQLite leaves behind is
// gone afterwards, and the rows are as before.
TEST(page_slack, of_a_whole_file_is_overwritten_and_no_row_is_touched) {
  temp_store files;
  const std::string path = files.store_path() + ".slack";
  connection on = connection::open(path, connection::mode::read_write).value();
  const secure_deletes overwriting(on);
  ASSERT_EQ(on.exec("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT); CREATE INDEX t_b ON t(b);"
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<3000) "
                    "INSERT INTO t SELECT i*7919%30011,'needle-'||hex(randomblob(20+i%300)) FROM n;"
                    "UPDATE t SET b=b||hex(randomblob(200)) WHERE a%3=0; DELETE FROM t WHERE a%5<2;"
                    "UPDATE t SET b='kept-'||substr(hex(b),1,40+a%50) WHERE a%5>=2"),
            SQLITE_OK);
  const auto sum = [&on] {
    statement all(on, "SELECT count(*)||group_concat(a||b) FROM (SELECT a,b FROM t ORDER BY a)");
    EXPECT_EQ(all.step(), SQLITE_ROW);
    return std::string(all.text(0));
  };
  const std::string before = sum();
  ASSERT_EQ(on.exec("PRAGMA wal_checkpoint(TRUNCATE)"), SQLITE_OK);
  const dirty_pages found = find_dirty(on, 1, 1'000'000).value();
  EXPECT_TRUE(found.end);
  ASSERT_FALSE(found.list.empty());
  ASSERT_TRUE(scrub(on, found.list));
  EXPECT_TRUE(find_dirty(on, 1, 1'000'000).value().list.empty());
  EXPECT_EQ(sum(), before);
  EXPECT_EQ(bytes_of(path).find("needle-"), std::string::npos);
  statement check(on, "PRAGMA integrity_check");
  ASSERT_EQ(check.step(), SQLITE_ROW);
  EXPECT_EQ(check.text(0), "ok");
  check.reset();
  // What is written after it comes from the file, not from pages that were read before.
  ASSERT_EQ(on.exec("UPDATE t SET b=b||'x' WHERE a%2=0; PRAGMA wal_checkpoint(TRUNCATE)"), SQLITE_OK);
  EXPECT_EQ(bytes_of(path).find("needle-"), std::string::npos);
}

}  // namespace
}  // namespace posthorn::store::sqlite
