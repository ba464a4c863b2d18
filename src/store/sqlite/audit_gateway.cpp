#include "store/sqlite/audit_gateway.hpp"

#include <algorithm>

#include "store/sqlite/audit_table.hpp"

namespace posthorn::store::sqlite {

base::result<void> audit_gateway::write() {
  // The writer adds the entry to every unit of work of a caller: this one does nothing else.
  return writer_.run([](unit_context&) -> base::result<void> { return {}; });
}

base::result<page<audit_entry>> audit_gateway::list_changes(const log_subject& of, std::int64_t cursor,
                                                            std::size_t limit) {
  const std::size_t rows = std::clamp<std::size_t>(limit, 1, base::limits::page_rows_max);
  base::result<page<audit_entry>> found;
  auto read = reads_.with([&](const read_view& view) { found = read_audit(view.store.on(), of, cursor, rows); });
  if (!read) return std::unexpected(std::move(read.error()));
  return found;
}

}  // namespace posthorn::store::sqlite
