// The queries that docs/store.md offers work on a store as it is.
#include <gtest/gtest.h>

#include <fstream>

#include "base/id.hpp"
#include "random_store.hpp"
#include "support/paths.hpp"

namespace posthorn::store::sqlite {
namespace {

std::vector<std::string> queries_in(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> found;
  std::string query;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line == "```sql") {
      inside = true;
      query.clear();
    } else if (inside && line == "```") {
      inside = false;
      found.push_back(query);
    } else if (inside) {
      query += line + "\n";
    }
  }
  return found;
}

TEST(docs, every_query_of_the_store_page_finds_rows) {
  random_store data(300);
  data.files().exec("UPDATE pending SET hold=1 WHERE dlv=(SELECT min(dlv) FROM pending WHERE hold=0)");
  data.files().exec("INSERT INTO request_log VALUES(1,0,'GET','/',400,'e','d','u','i','r')");
  const auto queries = queries_in(test::tree_path("docs/store.md"));
  ASSERT_GE(queries.size(), 9u);
  auto reader = connection::open(data.files().store_path(), connection::mode::read_only).value();
  for (const std::string& sql : queries) {
    sqlite3_stmt* raw = nullptr;
    ASSERT_EQ(sqlite3_prepare_v2(reader.handle(), sql.c_str(), -1, &raw, nullptr), SQLITE_OK)
        << reader.message() << "\n"
        << sql;
    EXPECT_EQ(sqlite3_step(raw), SQLITE_ROW) << reader.message() << "\n" << sql;
    sqlite3_finalize(raw);
  }
}

TEST(docs, the_id_query_reads_what_the_api_prints) {
  temp_store files;
  std::string sql = queries_in(test::tree_path("docs/store.md")).front();
  const auto at = sql.find("'evt_");
  ASSERT_NE(at, std::string::npos);
  const std::string shown = sql.substr(at + 1, sql.find('\'', at + 1) - at - 1);
  ASSERT_TRUE(base::parse_id("evt", shown));
  EXPECT_EQ(files.number(sql), base::parse_id("evt", shown));
  for (const base::id_value id : {std::int64_t{1}, random_store::start << 20, std::int64_t{0x7fff'ffff'ffff'ffff}}) {
    std::string other = sql;
    other.replace(at + 1, shown.size(), base::format_id("evt", id));
    EXPECT_EQ(files.number(other), id);
  }
}

}  // namespace
}  // namespace posthorn::store::sqlite
