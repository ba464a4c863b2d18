#include "store/sqlite/job_table.hpp"

#include <fmt/format.h>

#include <limits>

#include "base/limits.hpp"
#include "store/sqlite/sql_result.hpp"
#include "store/sqlite/stored_value.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace limits = base::limits;

constexpr std::string_view reading_jobs = "reading jobs";

base::result<void> check_room(connection& on, model::integration_no integration) {
  statement running(on, "SELECT count(*) FROM job INDEXED BY job_running WHERE state='running' AND integration=?1");
  running.bind(1, integration);
  if (const auto found = next_row(on, running, reading_jobs); !found) return std::unexpected(found.error());
  if (running.integer(0) < static_cast<std::int64_t>(limits::jobs_running_per_integration_max)) return {};
  return base::fail(base::fault::not_acceptable_now,
                    fmt::format("{} jobs of this integration run already: wait until one has ended, or cancel one",
                                limits::jobs_running_per_integration_max));
}

base::result<void> forget_old(connection& on, model::integration_no integration) {
  statement remove(on,
                   "DELETE FROM job WHERE id IN (SELECT id FROM job WHERE integration=?1 AND state<>'running' "
                   "ORDER BY id DESC LIMIT -1 OFFSET ?2)");
  remove.bind(1, integration).bind(2, static_cast<std::int64_t>(limits::jobs_kept_per_integration_max));
  return run(on, remove, "removing old jobs");
}

}  // namespace

model::job read_job(const statement& from) {
  model::job made;
  made.id = from.integer(0);
  made.integration = from.integer(1);
  const row_name row{"job", made.id};
  made.kind = stored_name(model::job_kind_from(from.text(2)), row, "kind", from.text(2));
  made.state = stored_name(model::job_state_from(from.text(3)), row, "state", from.text(3));
  made.filter.choice = stored_name(model::replay_choice_from(from.text(4)), row, "choice", from.text(4));
  if (!from.is_null(5)) made.filter.endpoint = from.integer(5);
  made.filter.type = std::string(from.text(6));
  made.filter.since = from.integer(7);
  made.filter.until = from.integer(8);
  made.filter.ended_since = from.integer(9);
  if (!from.is_null(10)) made.total = from.integer(10);
  made.requeued = from.integer(11);
  made.skipped = from.integer(12);
  made.created_at = from.integer(13);
  made.finished_at = from.integer(14);
  made.error = std::string(from.text(15));
  return made;
}

base::result<void> insert_job(connection& on, const model::job& made) {
  if (auto room = check_room(on, made.integration); !room) return room;
  statement insert(on,
                   "INSERT INTO job(id,integration,kind,state,choice,endpoint,type,since,until,ended_since,total,"
                   "created_at) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)");
  const model::replay_filter& filter = made.filter;
  insert.bind(1, made.id).bind(2, made.integration).bind_text(3, model::to_string(made.kind));
  insert.bind_text(4, model::to_string(made.state)).bind_text(5, model::to_string(filter.choice));
  filter.endpoint ? insert.bind(6, *filter.endpoint) : insert.bind_null(6);
  insert.bind_text(7, filter.type).bind(8, filter.since).bind(9, filter.until).bind(10, filter.ended_since);
  made.total ? insert.bind(11, *made.total) : insert.bind_null(11);
  insert.bind(12, made.created_at);
  if (auto done = run(on, insert, "making a job"); !done) return done;
  return forget_old(on, made.integration);
}

base::result<model::job> cancel_job(connection& on, model::integration_no integration, model::job_id id,
                                    base::epoch_ms wall) {
  auto found = find_job(on, integration, id);
  if (!found) return std::unexpected(std::move(found.error()));
  if (!*found) return base::fail(base::fault::not_found, "there is no such job");
  model::job made = **std::move(found);
  if (made.state != model::job_state::running) {
    return base::fail(base::fault::not_acceptable_now,
                      fmt::format("this job has ended already: it is {}", model::to_string(made.state)));
  }
  made.state = model::job_state::cancelled;
  made.finished_at = wall;
  statement write(on, "UPDATE job SET state='cancelled',finished_at=?2 WHERE id=?1");
  write.bind(1, id).bind(2, wall);
  return run_for(made, on, write, "cancelling a job");
}

base::result<std::optional<model::job>> find_job(connection& on, model::integration_no integration, model::job_id id) {
  statement query(on, fmt::format("SELECT {} FROM job WHERE id=?1 AND integration=?2", job_columns));
  query.bind(1, id).bind(2, integration);
  const auto found = next_row(on, query, reading_jobs);
  if (!found) return std::unexpected(found.error());
  if (!*found) return std::nullopt;
  return read_job(query);
}

base::result<page<model::job>> list_jobs(connection& on, model::integration_no integration, std::int64_t cursor,
                                         std::size_t rows) {
  statement query(on, fmt::format("SELECT {} FROM job INDEXED BY job_of_integration WHERE integration=?1 AND id<?2 "
                                  "ORDER BY id DESC LIMIT ?3",
                                  job_columns));
  query.bind(1, integration).bind(2, cursor > 0 ? cursor : std::numeric_limits<std::int64_t>::max());
  query.bind(3, static_cast<std::int64_t>(rows) + 1);
  page<model::job> made;
  while (true) {
    const auto more = next_row(on, query, reading_jobs);
    if (!more) return std::unexpected(more.error());
    if (!*more) return made;
    if (made.rows.size() == rows) {
      made.next_cursor = made.rows.back().id;
      return made;
    }
    made.rows.push_back(read_job(query));
  }
}

}  // namespace posthorn::store::sqlite
