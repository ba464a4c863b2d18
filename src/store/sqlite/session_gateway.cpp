#include "store/sqlite/session_gateway.hpp"

#include <fmt/format.h>

#include <limits>

#include "store/sqlite/session_tables.hpp"

namespace posthorn::store::sqlite {
namespace {

int list(connection& on, const session_filter& filter, model::session_id cursor, std::size_t limit,
         page<session_record>& made) {
  const char* from = filter.uid ? "session INDEXED BY session_of_uid WHERE integration=?1 AND id<?2 AND uid=?3"
                                : "session INDEXED BY session_in_order WHERE integration=?1 AND id<?2";
  statement query(on, fmt::format("SELECT {} FROM {} ORDER BY id DESC", session_columns, from));
  query.bind(1, filter.integration).bind(2, cursor > 0 ? cursor : std::numeric_limits<std::int64_t>::max());
  if (filter.uid) query.bind_text(3, *filter.uid);
  return fill_page(query, limit, made, [&](const statement& at, page<session_record>& to) {
    session_record one = read_session(at);
    to.next_cursor = one.value.id;
    if (filter.state && one.value.state != *filter.state) return;
    one.given.clear();
    if (filter.wanted && !filter.wanted(one)) return;
    to.rows.push_back(std::move(one));
  });
}

// One look at the index for each integration that waits for scores, and one for what is due of it.
int list_due(connection& on, base::epoch_ms now, std::size_t per_integration, std::vector<due_scoring>& due) {
  due.clear();
  statement integrations(on,
                         "SELECT integration FROM session INDEXED BY session_scoring WHERE scoring_due>0 AND "
                         "integration>?1 ORDER BY integration LIMIT 1");
  statement sessions(on,
                     "SELECT id FROM session INDEXED BY session_scoring WHERE scoring_due>0 AND integration=?1 AND "
                     "scoring_due<=?2 ORDER BY scoring_due LIMIT ?3");
  for (model::integration_no of = 0;;) {
    integrations.bind(1, of);
    int code = integrations.step();
    if (code != SQLITE_ROW) return code;
    of = integrations.integer(0);
    integrations.reset();
    sessions.bind(1, of).bind(2, now).bind(3, static_cast<std::int64_t>(per_integration));
    while ((code = sessions.step()) == SQLITE_ROW) due.push_back({of, sessions.integer(0)});
    if (code != SQLITE_DONE) return code;
    sessions.reset();
  }
}

}  // namespace

base::result<void> session_gateway::change_sessions(const decision& decide) {
  return writer_.run([&](unit_context& context) -> base::result<void> {
    session_tables tables(context.on, context.group);
    auto decided = decide(tables);
    if (tables.failure() != SQLITE_OK) return context.on.failed("changing sessions", tables.failure());
    if (!decided) return decided;
    context.make_events_last(std::move(tables.emitted()));
    return {};
  });
}

base::result<page<session_record>> session_gateway::list_sessions(const session_filter& filter,
                                                                  model::session_id cursor, std::size_t limit) {
  page<session_record> made;
  auto read =
      read_rows(reads_, "reading sessions", [&](connection& on) { return list(on, filter, cursor, limit, made); });
  if (!read) return std::unexpected(std::move(read.error()));
  return made;
}

base::result<session_record> session_gateway::find_session(model::integration_no integration, model::session_id id) {
  std::optional<session_record> found;
  auto read = read_rows(reads_, "reading sessions", [&](connection& on) {
    statement query(on, fmt::format("SELECT {} FROM session WHERE id=?2 AND integration=?1", session_columns));
    query.bind(1, integration).bind(2, id);
    const int code = query.step();
    found = code == SQLITE_ROW ? std::optional(read_session(query)) : std::nullopt;
    return code;
  });
  if (!read) return std::unexpected(std::move(read.error()));
  if (!found) return base::fail(base::fault::not_found, "there is no such session");
  return *std::move(found);
}

base::result<base::epoch_ms> session_gateway::next_session_end() {
  base::epoch_ms next = 0;
  auto read = read_rows(reads_, "reading sessions", [&](connection& on) {
    statement query(
        on, fmt::format("SELECT min(expires_at) FROM session INDEXED BY session_end WHERE {}", session_is_live));
    const int code = query.step();
    if (code == SQLITE_ROW) next = query.integer(0);
    return code;
  });
  if (!read) return std::unexpected(std::move(read.error()));
  return next;
}

base::result<std::vector<due_scoring>> session_gateway::due_scorings(base::epoch_ms now, std::size_t per_integration) {
  std::vector<due_scoring> due;
  auto read =
      read_rows(reads_, "reading sessions", [&](connection& on) { return list_due(on, now, per_integration, due); });
  if (!read) return std::unexpected(std::move(read.error()));
  return due;
}

}  // namespace posthorn::store::sqlite
