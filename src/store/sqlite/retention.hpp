// Removing finished events that are older than their integration keeps them. Two halves: retention_pass finds them on a
// reader's thread, through the index; purge() removes a chunk on the writer's. Pending and parked are never removed:
// an event goes only when each of its deliveries has an outcome and none a pending row.
#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/index_writer.hpp"

namespace posthorn::store::sqlite {

struct purge_result {
  std::vector<model::event_id> purged;  // of those asked for: gone from the store
  std::size_t looked_at = 0;            // of those asked for, from the first on: call again for the rest
  bool more_to_trim = false;            // old keys, ticks or changes are left: call again, if only with no events
};

// Removes the events that are still finished, up to limits::erasure_step_bytes of payloads, with all that belongs to
// them, and a slice of Idempotency-Keys older than 24 h, of ticks before the first event and of old entries of the log
// of changes. Writer thread, inside a transaction; `wall` is wall time. About 5 µs an event: give it at most
// limits::retention_chunk_events.
base::result<purge_result> purge(connection& on, const std::vector<model::event_id>& events, base::epoch_ms wall);

// One walk over all that the index has, oldest first within each event type. Events that are not finished are passed
// by; the next pass looks at them again. The index_writer's thread.
class retention_pass {
 public:
  // `wall`: now, wall time.
  static base::result<retention_pass> begin(index_writer& over, base::epoch_ms wall);

  // Up to limits::retention_chunk_events that may go, and entries of the index whose event is gone already
  // (`deliveries` and `uid` empty). Empty and done() at the end of the pass.
  struct chunk {
    std::vector<indexed_event> expired;
    std::vector<indexed_event> dangling;
  };
  base::result<chunk> next();
  [[nodiscard]] bool done() const noexcept { return at_ == types_.size(); }

 private:
  struct type_walk {
    std::int64_t type = 0;
    base::epoch_ms accepted_before = 0;
    model::event_id id_before = 0;  // later ids need not be looked at
    model::event_id last_seen = 0;
  };

  explicit retention_pass(index_writer& over) : over_(&over) {}

  index_writer* over_;
  std::vector<type_walk> types_;
  std::size_t at_ = 0;
};

}  // namespace posthorn::store::sqlite
