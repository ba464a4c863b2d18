#include "store/sqlite/request_journal.hpp"

#include <limits>
#include <utility>

#include "base/limits.hpp"
#include "store/sqlite/sql_result.hpp"

namespace posthorn::store::sqlite {

void request_journal::note(request_log_entry entry) {
  const std::int64_t second = clock_.engine() / 1000;
  const std::lock_guard lock(mutex_);
  if (second != second_) {
    second_ = second;
    in_second_ = 0;
  }
  if (in_second_ >= base::limits::request_log_rows_per_s_max ||
      waiting_.size() >= base::limits::request_log_waiting_max) {
    ++dropped_;
    return;
  }
  ++in_second_;
  waiting_.push_back(std::move(entry));
}

bool request_journal::empty() const {
  const std::lock_guard lock(mutex_);
  return waiting_.empty();
}

std::vector<request_log_entry> request_journal::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(waiting_, {});
}

base::result<void> write_requests(connection& on, const std::vector<request_log_entry>& entries) {
  constexpr std::string_view doing = "writing the request log";
  statement insert(on,
                   "INSERT INTO request_log(at,method,route,status,error,detail,uid,integration_id,remote) "
                   "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)");
  for (const request_log_entry& each : entries) {
    insert.bind(1, each.at).bind_text(2, each.method).bind_text(3, each.route).bind(4, each.status);
    insert.bind_text(5, each.error).bind_text(6, each.detail).bind_text(7, each.uid);
    insert.bind_text(8, each.integration_id).bind_text(9, each.remote);
    if (auto done = run(on, insert, doing); !done) return done;
  }
  // The newest row is never trimmed, so ids are not used twice.
  statement trim(on, "DELETE FROM request_log WHERE id<=(SELECT max(id) FROM request_log)-?1");
  trim.bind(1, static_cast<std::int64_t>(base::limits::request_log_rows_max));
  return run(on, trim, doing);
}

base::result<page<request_log_entry>> read_requests(connection& on, const log_subject& of, std::int64_t cursor,
                                                    std::size_t rows) {
  statement query(on,
                  "SELECT id,at,method,route,status,error,detail,uid,integration_id,remote FROM request_log "
                  "WHERE id<?1 AND CASE WHEN ?2<>'' THEN integration_id=?2 WHEN ?4<>0 THEN integration_id IN "
                  "(SELECT integration_id FROM integration WHERE company=?4) ELSE 1 END ORDER BY id DESC LIMIT ?3");
  query.bind(1, cursor > 0 ? cursor : std::numeric_limits<std::int64_t>::max()).bind_text(2, of.integration_id);
  query.bind(3, static_cast<std::int64_t>(rows) + 1).bind(4, of.company);
  page<request_log_entry> made;
  const auto text = [&query](int column) { return std::string(query.text(column)); };
  while (true) {
    const auto more = next_row(on, query, "reading the request log");
    if (!more) return std::unexpected(more.error());
    if (!*more) return made;
    if (made.rows.size() == rows) {
      made.next_cursor = made.rows.back().id;
      return made;
    }
    made.rows.push_back({query.integer(0), query.integer(1), text(2), text(3), static_cast<int>(query.integer(4)),
                         text(5), text(6), text(7), text(8), text(9)});
  }
}

}  // namespace posthorn::store::sqlite
