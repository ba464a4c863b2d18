// Works jobs off: one step of one job a call, in turn. Writer thread, in a transaction; what a step re-queues and where
// the job stands commit together, so that a job goes on after a crash without sending anything twice.
#pragma once

#include <functional>

#include "store/directory.hpp"
#include "store/sqlite/commit_group.hpp"
#include "store/sqlite/job_walk.hpp"
#include "store/sqlite/resender.hpp"

namespace posthorn::store::sqlite {

// Would `endpoint` get an event of this type and payload? Called on the writer's thread: it must not block.
using event_taker =
    std::function<bool(const model::endpoint& endpoint, std::string_view type, std::string_view payload)>;

class job_runner {
 public:
  explicit job_runner(connection& on);

  // At most limits::job_step_finds_max deliveries, limits::job_step_rows_max rows and about limits::job_step_ms_max.
  // False: no job runs.
  bool step(commit_group& group, const directory& now_current, const event_taker& takes);
  // The job that the last step was about; 0: none.
  [[nodiscard]] model::job_id stepped_last() const noexcept { return stepped_last_; }
  // The job whose step failed ends as failed.
  void end_broken(commit_group& group, model::job_id id);

 private:
  struct running_job {
    model::job value;
    job_position at;
  };
  [[nodiscard]] std::optional<running_job> next_running(commit_group& group);
  void work(commit_group& group, running_job& job, const job_walk::taker& takes);
  void send(commit_group& group, running_job& job, const job_find& found);
  void keep(commit_group& group, const running_job& job);

  job_walk walk_;
  resender resend_;
  statement running_, keep_, payload_, end_broken_;
  model::job_id stepped_last_ = 0;
};

}  // namespace posthorn::store::sqlite
