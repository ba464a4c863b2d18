// Overwrites what the pages of posthorn.db hold beside their rows (page_slack.hpp), in the file itself: SQL reaches
// rows alone. Only bytes that belong to nothing are written, so a write that is cut off harms no page.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

using page_number = std::uint32_t;  // from 1

// The pages from `first` on, at most `count`, that have something to overwrite, as the file is now; what is still in
// the journal does not show. Any connection's thread.
struct dirty_pages {
  std::vector<page_number> list;
  bool end = false;  // of the file
};
base::result<dirty_pages> find_dirty(connection& on, page_number first, page_number count);

// Thread: the writer's, outside a transaction and right after the journal was emptied (writer::fold_journal): so the
// file is the whole truth, and the connection's own copies of its pages are dropped.
base::result<void> scrub(connection& on, const std::vector<page_number>& pages);

}  // namespace posthorn::store::sqlite
