#include "store/sqlite/index_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/sqlite/sql_result.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::size_t rows_a_statement = 8;

// Parameter 1 is the segment, used or not; a row's two follow.
std::string insert_sql(std::string_view into, bool has_segment, std::size_t rows) {
  std::string sql = fmt::format("INSERT OR IGNORE INTO {} VALUES", into);
  for (std::size_t i = 0; i < rows; ++i) {
    fmt::format_to(std::back_inserter(sql), "{}({}?{},?{})", i == 0 ? "" : ",", has_segment ? "?1," : "", 2 * i + 2,
                   2 * i + 3);
  }
  return sql;
}

}  // namespace

index_rows::index_rows(const connection& on, std::string_view into, bool has_segment)
    : one_(on, insert_sql(into, has_segment, 1)), many_(on, insert_sql(into, has_segment, rows_a_statement)) {}

base::result<void> index_rows::insert(const connection& on, std::vector<std::pair<std::int64_t, std::int64_t>>& rows,
                                      std::int64_t segment) {
  std::sort(rows.begin(), rows.end());
  one_.bind(1, segment);
  many_.bind(1, segment);
  for (std::size_t at = 0; at < rows.size();) {
    const std::size_t count = rows.size() - at < rows_a_statement ? 1 : rows_a_statement;
    statement& with = count == 1 ? one_ : many_;
    int parameter = 2;
    for (const std::size_t end = at + count; at < end; ++at) {
      with.bind(parameter, rows[at].first).bind(parameter + 1, rows[at].second);
      parameter += 2;
    }
    if (auto done = run(on, with, "writing the index"); !done) return done;
  }
  return {};
}

}  // namespace posthorn::store::sqlite
