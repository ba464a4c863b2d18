// From time to id. Ids grow in the order of commits, and accepted_at does not fall with them (commit_group's wall
// time), so halving finds the place. Behind a wall clock that was set back by more than limits::clock_step_ms_max,
// events of the span that it went through twice may be missed.
#pragma once

#include <limits>

#include "base/clock.hpp"
#include "model/ids.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

inline constexpr std::string_view event_from_sql = "SELECT id,accepted_at FROM event WHERE id>=?1 ORDER BY id LIMIT 1";

// The least id that an event accepted at `since` or later can have. `from` is event_from_sql's; `row` steps a statement
// and says whether there is a row to read.
template <class Row>
[[nodiscard]] model::event_id first_event_since(statement& from, base::epoch_ms since, Row row) {
  model::event_id least = 1;
  model::event_id most = std::numeric_limits<model::event_id>::max();
  while (least < most) {
    const model::event_id middle = least + (most - least) / 2;
    const reading scope(from.bind(1, middle));
    if (!row(from) || from.integer(1) >= since) {
      most = middle;
    } else {
      least = from.integer(0) + 1;
    }
  }
  return least;
}

}  // namespace posthorn::store::sqlite
