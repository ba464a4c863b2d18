#include "store/sqlite/person_tables.hpp"

#include "base/json_text.hpp"
#include "base/limits.hpp"
#include "store/sqlite/sql_result.hpp"

namespace posthorn::store::sqlite {
namespace {

constexpr std::string_view telling = "reading what is stored about a person";
constexpr std::string_view erasing = "erasing a person";

// Calls that were refused for their credentials name an integration at most. Shorter uids than an envelope's stand in
// the column alone: searching texts for a few characters would find everything.
constexpr std::string_view named_in_requests =
    "FROM request_log WHERE integration_id IN (?1,'') AND "
    "(uid=?2 OR (length(?2)>=?3 AND (instr(detail,?2)>0 OR instr(route,?2)>0)))";

void bind_named(statement& to, const person& of) {
  to.bind_text(1, of.integration_id).bind_text(2, of.uid);
  to.bind(3, static_cast<std::int64_t>(base::limits::envelope_uid_chars_min));
}

base::result<void> erase_rows(connection& on, std::string_view sql, const person& of, std::uint64_t& count) {
  statement remove(on, sql);
  remove.bind(1, of.integration).bind_text(2, of.uid);
  if (auto done = run(on, remove, erasing); !done) return done;
  count += static_cast<std::uint64_t>(sqlite3_changes64(on.handle()));
  return {};
}

}  // namespace

base::result<person_traces> read_traces(connection& on, const person& of) {
  person_traces made;
  statement lessons(on, "SELECT lesson,at FROM lesson_completion WHERE integration=?1 AND user=?2 ORDER BY lesson");
  lessons.bind(1, of.integration).bind_text(2, of.uid);
  while (true) {
    const auto more = next_row(on, lessons, telling);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
    made.lessons.push_back({std::string(lessons.text(0)), lessons.integer(1)});
  }
  statement links(on,
                  "SELECT id,created_at,expires_at,session FROM link WHERE integration=?1 AND uid=?2 ORDER BY id DESC");
  links.bind(1, of.integration).bind_text(2, of.uid);
  while (true) {
    const auto more = next_row(on, links, telling);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
    made.links.push_back({links.integer(0), links.integer(1), links.integer(2), links.integer(3) != 0});
  }
  statement requests(on, std::string("SELECT id,at,method,route,status,error,detail,uid,integration_id,remote ") +
                             std::string(named_in_requests) + " ORDER BY id DESC");
  bind_named(requests, of);
  const auto text = [&requests](int column) { return std::string(requests.text(column)); };
  while (true) {
    const auto more = next_row(on, requests, telling);
    if (!more) return std::unexpected(more.error());
    if (!*more) return made;
    made.requests.push_back({requests.integer(0), requests.integer(1), text(2), text(3),
                             static_cast<int>(requests.integer(4)), text(5), text(6), text(7), text(8), text(9)});
  }
}

base::result<bool> is_in_unmade_batch(connection& on, const person& of) {
  statement find(on, "SELECT 1 FROM link_batch WHERE integration=?1 AND state='making' AND instr(uids,?2)>0 LIMIT 1");
  std::string quoted;
  base::append_json_string(quoted, of.uid);
  find.bind(1, of.integration).bind_text(2, quoted);
  return next_row(on, find, erasing);
}

base::result<void> erase_records(connection& on, const person& of, erasure_report& done) {
  const struct {
    std::string_view sql;
    std::uint64_t& count;
  } tables[] = {
      {"DELETE FROM session WHERE integration=?1 AND uid=?2", done.sessions},
      {"DELETE FROM link WHERE integration=?1 AND uid=?2", done.links},
      {"DELETE FROM certificate WHERE integration=?1 AND user=?2", done.certificates},
      {"DELETE FROM lesson_completion WHERE integration=?1 AND user=?2", done.lessons},
  };
  for (const auto& [sql, count] : tables) {
    if (auto erased = erase_rows(on, sql, of, count); !erased) return erased;
  }
  // The lines stay: the newest id must not be given out twice.
  statement requests(on,
                     "UPDATE request_log SET uid='',detail='',route=CASE WHEN length(?2)>=?3 THEN "
                     "replace(route,?2,'erased') ELSE route END WHERE id IN (SELECT id " +
                         std::string(named_in_requests) + ")");
  bind_named(requests, of);
  if (auto blanked = run(on, requests, erasing); !blanked) return blanked;
  done.requests += static_cast<std::uint64_t>(sqlite3_changes64(on.handle()));
  return {};
}

base::result<std::int64_t> erase_from_changes(connection& on, const person& of, std::int64_t after,
                                              erasure_report& done) {
  statement stretch(
      on, "SELECT max(id) FROM (SELECT id FROM audit WHERE integration_id=?1 AND id>?2 ORDER BY id LIMIT ?3)");
  stretch.bind_text(1, of.integration_id).bind(2, after);
  stretch.bind(3, static_cast<std::int64_t>(base::limits::erasure_step_changes));
  if (const auto found = next_row(on, stretch, erasing); !found) return std::unexpected(found.error());
  const std::int64_t last = stretch.integer(0);
  stretch.reset();
  if (last == 0) return last;
  // A JSON string that is the uid and nothing else.
  std::string quoted;
  base::append_json_string(quoted, of.uid);
  statement blank(on,
                  "UPDATE audit SET object=CASE WHEN object=?4 THEN 'erased' ELSE object END,"
                  "before=replace(before,?5,'\"erased\"'),after=replace(after,?5,'\"erased\"') "
                  "WHERE integration_id=?1 AND id>?2 AND id<=?3 AND (object=?4 OR instr(before,?5)>0 OR "
                  "instr(after,?5)>0)");
  blank.bind_text(1, of.integration_id).bind(2, after).bind(3, last).bind_text(4, of.uid).bind_text(5, quoted);
  if (auto blanked = run(on, blank, erasing); !blanked) return std::unexpected(std::move(blanked.error()));
  done.changes += static_cast<std::uint64_t>(sqlite3_changes64(on.handle()));
  return last;
}

}  // namespace posthorn::store::sqlite
