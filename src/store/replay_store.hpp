// Sending again what was sent before: a delivery, an event, or all that a filter names, as a job (docs/replay.md).
// A replay keeps the event's id and bytes; it is a new generation of its delivery with a full set of tries, and in an
// ordered chain the last one. What is pending keeps its place and is due now.
// Every call waits for its commit or read: call from a thread that may block, never from an io_context or the writer.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/job.hpp"
#include "store/queries.hpp"

namespace posthorn::store {

enum class replay_result : std::uint8_t {
  requeued,       // had ended: a new generation
  created,        // the endpoint had none: a delivery of its own now
  due_now,        // was pending: is not waited for any longer
  sending,        // is in its lane already
  waiting,        // waits for an earlier one of its uid, as before
  endpoint_gone,  // nothing is done
};
[[nodiscard]] std::string_view to_string(replay_result value) noexcept;

struct replayed_delivery {
  model::delivery_id id = 0;  // 0: endpoint_gone, and there never was one
  model::endpoint_id endpoint = 0;
  replay_result result = replay_result::requeued;
};

class replay_store {
 public:
  virtual ~replay_store() = default;

  // Of an event whose person was erased, none is sent again: fault `erased`; jobs skip and count them.
  // config_store::retry_delivery, but also for a delivery that has arrived.
  virtual base::result<void> replay_delivery(model::delivery_id id) = 0;
  // To each of `to`, endpoints of the event's integration and no more than endpoints_per_integration_max, in one
  // transaction. not_found: there is no such event any more.
  virtual base::result<std::vector<replayed_delivery>> replay_event(model::event_id id,
                                                                    const std::vector<model::endpoint_id>& to) = 0;

  // Takes integration, kind and filter of `wanted`, counts, and begins. A job of kind recover also makes its endpoint
  // active in the same transaction. not_acceptable_now: limits::jobs_running_per_integration_max run already.
  virtual base::result<model::job> start_job(model::job wanted) = 0;
  // It stops before its next step; what it has re-queued stays so. not_acceptable_now: it has ended.
  virtual base::result<model::job> cancel_job(model::integration_no integration, model::job_id id) = 0;
  // not_found also for a job of another integration. Jobs that have ended are kept up to
  // limits::jobs_kept_per_integration_max.
  virtual base::result<model::job> find_job(model::integration_no integration, model::job_id id) = 0;
  virtual base::result<page<model::job>> list_jobs(model::integration_no integration, std::int64_t cursor,
                                                   std::size_t limit) = 0;
};

}  // namespace posthorn::store
