// The two lists: which streams of ids a filter is served by, and which of their ids it wants.
#pragma once

#include "store/queries.hpp"
#include "store/sqlite/id_source.hpp"

namespace posthorn::store::sqlite {

// `cursor` and `rows` as in store/queries.hpp. The caller looks at the view's readers for failures afterwards.
[[nodiscard]] page<event_view> list_events(const read_view& view, const event_filter& filter, std::int64_t cursor,
                                           std::size_t rows);
[[nodiscard]] page<delivery_view> list_deliveries(const read_view& view, const delivery_filter& filter,
                                                  std::int64_t cursor, std::size_t rows);

}  // namespace posthorn::store::sqlite
