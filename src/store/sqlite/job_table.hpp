// Jobs as rows. What writes runs on the writer's thread, in a transaction.
#pragma once

#include <optional>

#include "model/job.hpp"
#include "store/queries.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

// not_acceptable_now: too many of its integration run. Forgets the oldest that have ended, too.
base::result<void> insert_job(connection& on, const model::job& made);
// A running one becomes cancelled. not_found; not_acceptable_now: it has ended.
base::result<model::job> cancel_job(connection& on, model::integration_no integration, model::job_id id,
                                    base::epoch_ms wall);
base::result<std::optional<model::job>> find_job(connection& on, model::integration_no integration, model::job_id id);
base::result<page<model::job>> list_jobs(connection& on, model::integration_no integration, std::int64_t cursor,
                                         std::size_t rows);

inline constexpr std::string_view job_columns =
    "id,integration,kind,state,choice,endpoint,type,since,until,ended_since,total,requeued,skipped,created_at,"
    "finished_at,error";
// Columns as above.
[[nodiscard]] model::job read_job(const statement& from);

}  // namespace posthorn::store::sqlite
