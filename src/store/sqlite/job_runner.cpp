#include "store/sqlite/job_runner.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "store/sqlite/erasure_mark.hpp"
#include "store/sqlite/job_table.hpp"

namespace posthorn::store::sqlite {
namespace {

namespace limits = base::limits;

}  // namespace

job_runner::job_runner(connection& on)
    : walk_(on),
      resend_(on),
      running_(on, fmt::format("SELECT {},at_first,at_second FROM job INDEXED BY job_running "
                               "WHERE state='running' ORDER BY id<=?1,id LIMIT 1",
                               job_columns)),
      keep_(on,
            "UPDATE job SET state=?2,at_first=?3,at_second=?4,requeued=?5,skipped=?6,finished_at=?7,error=?8 "
            "WHERE id=?1"),
      payload_(on, "SELECT payload FROM event WHERE id=?1"),
      end_broken_(on, "UPDATE job SET state='failed',finished_at=?2,error=?3 WHERE id=?1 AND state='running'") {}

bool job_runner::step(commit_group& group, const directory& now_current, const event_taker& takes) {
  auto job = next_running(group);
  if (!job) return false;
  shared_endpoint endpoint;
  if (const auto named = job->value.filter.endpoint) {
    const auto found = now_current.endpoints.find(*named);
    if (found == now_current.endpoints.end()) {
      job->value.state = model::job_state::failed;
      job->value.finished_at = group.wall;
      job->value.error = "its endpoint was deleted";
      keep(group, *job);
      return true;
    }
    endpoint = found->second;
  }
  const auto taken = [&](std::string_view type, model::event_id event) {
    if (endpoint->filter.empty()) return takes(*endpoint, type, {});
    const reading scope(payload_.bind(1, event));
    const int code = payload_.step();
    group.sql.note_failure(code);
    return code == SQLITE_ROW && takes(*endpoint, type, payload_.text(0));
  };
  work(group, *job, taken);
  return true;
}

std::optional<job_runner::running_job> job_runner::next_running(commit_group& group) {
  const reading scope(running_.bind(1, stepped_last_));
  const int code = running_.step();
  group.sql.note_failure(code);
  if (code != SQLITE_ROW) return std::nullopt;
  // Before it is read: what cannot be read ends, too.
  stepped_last_ = running_.integer(0);
  return running_job{read_job(running_), {running_.integer(16), running_.integer(17)}};
}

void job_runner::end_broken(commit_group& group, model::job_id id) {
  end_broken_.bind(1, id).bind(2, group.wall);
  end_broken_.bind_text(3, "an internal error: the server's log says which");
  group.sql.note_failure(end_broken_.run());
}

void job_runner::work(commit_group& group, running_job& job, const job_walk::taker& takes) {
  const std::int64_t until_us = base::steady_us() + std::int64_t{limits::job_step_ms_max} * 1000;
  walk_.forget_failure();
  const job_budget budget{.finds = limits::job_step_finds_max, .rows = limits::job_step_rows_max, .until_us = until_us};
  const job_batch batch = walk_.next(job.value, job.at, budget, takes);
  group.sql.note_failure(walk_.failure());
  for (const job_find& found : batch.finds) {
    send(group, job, found);
    job.at = found.after;
    if (base::steady_us() >= until_us) {
      // The slow disk of a large store: the rest is for the next step.
      keep(group, job);
      return;
    }
  }
  job.at = batch.after;
  if (batch.done) {
    job.value.state = model::job_state::done;
    job.value.finished_at = group.wall;
  }
  keep(group, job);
}

void job_runner::send(commit_group& group, running_job& job, const job_find& found) {
  bool sent = false;
  if (is_erased_hash(found.of.uid_hash)) {
    ++job.value.skipped;
    return;
  }
  if (found.delivery == 0) {
    sent = resend_.add(group, found.of).has_value();
  } else if (!found.gone) {
    sent = resend_.again_if_ended(group, found.delivery, found.of) == replay_result::requeued;
  }
  ++(sent ? job.value.requeued : job.value.skipped);
}

void job_runner::keep(commit_group& group, const running_job& job) {
  keep_.bind(1, job.value.id).bind_text(2, model::to_string(job.value.state));
  keep_.bind(3, job.at.first).bind(4, job.at.second).bind(5, job.value.requeued).bind(6, job.value.skipped);
  keep_.bind(7, job.value.finished_at).bind_text(8, job.value.error);
  group.sql.note_failure(keep_.run());
}

}  // namespace posthorn::store::sqlite
