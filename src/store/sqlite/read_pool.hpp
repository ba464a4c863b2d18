// A few pairs of read-only connections, lent one call at a time.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "store/queries.hpp"
#include "store/sqlite/id_source.hpp"
#include "store/sqlite/index_builder.hpp"

namespace posthorn::store::sqlite {

// Thread: any.
class read_pool {
 public:
  struct options {
    std::string store_path, index_path;
    std::size_t connections = 2;
    int read_ms = base::limits::read_ms_max;
    int steps_min = base::limits::read_steps_min;
  };

  // `builder` owns the index's file and must outlive the pool. Connections open at their first use.
  read_pool(options how, index_builder& builder);

  // Calls `read` with a view of one moment: the index first, the store after it, so that whatever lies above the
  // index's position is in the store's tail. Where the index turns out damaged, it is reported and `read` called again
  // without it. store_unavailable or store_corrupt if posthorn.db cannot be read.
  base::result<void> with(const std::function<void(const read_view&)>& read);

 private:
  struct slot {
    std::mutex busy;
    std::unique_ptr<store_reader> store;
    std::unique_ptr<index_reader> index;
    std::uint64_t generation = 0;
  };

  std::unique_lock<std::mutex> take(slot*& taken);
  base::result<void> open(slot& of);
  // An SQLite code: of the store's reader first, then of the index's.
  struct failures {
    int store = 0, index = 0;
  };
  failures read_once(slot& from, bool with_index, const std::function<void(const read_view&)>& read);

  const options how_;
  index_builder& builder_;
  std::vector<std::unique_ptr<slot>> slots_;
  std::atomic<std::size_t> turn_{0};
};

// Rows of posthorn.db alone: calls `read`, which gives the code that its last step ended with. `doing` is for the
// error's text: "reading sessions".
base::result<void> read_rows(read_pool& from, std::string_view doing, const std::function<int(connection&)>& read);

// Goes over a query's rows until `made` has `limit` of them or limits::list_scan_rows_max have been seen. `take(query,
// made)` reads one, notes it as made.next_cursor, and adds it if it is wanted. The code that the last step ended with.
template <class Row, class Take>
int fill_page(statement& query, std::size_t limit, page<Row>& made, Take take) {
  made = {};
  int code = query.step();
  for (std::size_t seen = 0; code == SQLITE_ROW; ++seen, code = query.step()) {
    if (made.rows.size() == limit || seen == base::limits::list_scan_rows_max) return code;
    take(query, made);
  }
  made.next_cursor = 0;
  return code;
}

}  // namespace posthorn::store::sqlite
