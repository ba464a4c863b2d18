// Fills a page from a stream of ids: newest first, until it is full, the stream ends or the time is used up. At least
// one id is looked at in each call, so that a caller who goes on with next_cursor gets to the end.
#pragma once

#include <limits>

#include "store/queries.hpp"
#include "store/sqlite/id_source.hpp"

namespace posthorn::store::sqlite {

struct walk_bounds {
  std::int64_t below = std::numeric_limits<std::int64_t>::max();
  std::int64_t floor = 0;  // the least id of interest
  std::size_t rows = 0;
};

// `build`: id → std::optional<Row>, nullopt for an id that the list does not want.
template <class Row, class Build>
[[nodiscard]] page<Row> walk(id_source& ids, const walk_bounds& bounds, const read_deadline& deadline, Build build) {
  page<Row> made;
  std::int64_t at = ids.below(bounds.below);
  while (at >= bounds.floor && at > 0) {
    if (auto row = build(at)) made.rows.push_back(std::move(*row));
    if (deadline.passed()) {
      made.next_cursor = at;
      return made;
    }
    const std::int64_t next = ids.below(at);
    if (made.rows.size() == bounds.rows) {
      made.next_cursor = next >= bounds.floor && next > 0 ? at : 0;
      return made;
    }
    at = next;
  }
  return made;
}

}  // namespace posthorn::store::sqlite
