// One table of index.db, as its writer fills it: rows of two integers, of a segment or not. Several rows go with each
// statement, as starting and ending one costs as much as inserting a row.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

class index_rows {
 public:
  // `into`: the table and its columns, e.g. "ev_uid(segment,uid_key,id)"; the segment, if it has one, comes first.
  index_rows(const connection& on, std::string_view into, bool has_segment);

  // Sorts the rows and inserts those that are not there yet. `segment` is not read if the table has none.
  [[nodiscard]] base::result<void> insert(const connection& on,
                                          std::vector<std::pair<std::int64_t, std::int64_t>>& rows,
                                          std::int64_t segment);

 private:
  statement one_, many_;
};

}  // namespace posthorn::store::sqlite
