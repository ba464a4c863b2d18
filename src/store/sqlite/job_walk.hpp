// Finds what a job is to send again, in id order, from where it stopped. Two ways through the store:
//   failed, cancelled    each endpoint's ended deliveries by the index of how they ended;
//                        position = endpoint, delivery looked at last
//   all other choices    the events themselves; position = event, how many of its deliveries were looked at
// Ids at or above the job's own are never looked at: what came after it is not its business.
#pragma once

#include <functional>
#include <vector>

#include "model/job.hpp"
#include "store/sqlite/event_deliveries.hpp"
#include "store/sqlite/resender.hpp"

namespace posthorn::store::sqlite {

struct job_position {
  std::int64_t first = 0;
  std::int64_t second = 0;
};

// One delivery to send again.
struct job_find {
  model::delivery_id delivery = 0;  // 0: to be made
  delivery_owner of;
  bool gone = false;   // the delivery's event is not there
  job_position after;  // once this one is dealt with
};

struct job_batch {
  std::vector<job_find> finds;
  job_position after;  // once all are dealt with
  bool done = false;   // nothing is left
};

struct job_budget {
  std::size_t finds = 0;
  std::size_t rows = 0;       // looked at; one event may go beyond it
  std::int64_t until_us = 0;  // base::steady_us; one row is looked at in any case
};

class job_walk {
 public:
  // Would the endpoint get this event now? For the choices that make deliveries.
  using taker = std::function<bool(std::string_view type, model::event_id event)>;

  explicit job_walk(connection& on);

  // The first failure sticks: then the batch is of no use.
  [[nodiscard]] job_batch next(const model::job& of, job_position from, job_budget budget, const taker& takes);
  [[nodiscard]] int failure() const noexcept { return failure_; }
  void forget_failure() noexcept { failure_ = SQLITE_OK; }

 private:
  struct event_head {
    model::integration_no integration = 0;
    base::epoch_ms accepted_at = 0;
    delivery_owner of;
    std::string type;
    std::string targets;
  };

  bool row(statement& what);
  [[nodiscard]] std::int64_t event_since(base::epoch_ms at);
  [[nodiscard]] std::int64_t floor_of(const model::job& of);
  [[nodiscard]] std::int64_t end_of(const model::job& of);
  [[nodiscard]] std::optional<model::endpoint_id> endpoint_from(const model::job& of, model::endpoint_id least);
  job_batch next_ended(const model::job& of, job_position from, job_budget budget);
  job_batch next_events(const model::job& of, job_position from, job_budget budget, const taker& takes);
  void look_at(const model::job& of, const event_head& event, std::size_t from, job_batch& into, const taker& takes);
  [[nodiscard]] std::optional<event_head> event_of(model::delivery_id delivery);

  int failure_ = SQLITE_OK;
  statement ended_, frozen_, extra_, events_, extras_, result_, endpoints_, event_from_;
};

}  // namespace posthorn::store::sqlite
