// Between the store and whoever delivers: what is owed goes out through a delivery_sink, what happened comes back
// through the delivery_log. The store's writer thread owns the state of every delivery; lanes are a bounded cache of
// it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/delivery.hpp"
#include "model/endpoint.hpp"

namespace posthorn::store {

struct owed_delivery {
  model::delivery_id id = 0;
  model::endpoint_id endpoint = 0;
  std::uint64_t uid_hash = 0;        // as reserved
  std::int32_t generation = 0;       // grows with every manual retry; goes back in the report
  std::int32_t tries = 0;            // attempts already made in this generation
  std::int32_t attempts = 0;         // attempts already made in all generations: the next one's number is attempts + 1
  bool first_try = true;             // false: comes from the backlog of retries
  bool probe = false;                // the one delivery that its degraded endpoint is tried with
  std::int32_t probes_failed = 0;    // of a probe: since the breaker opened
  base::epoch_ms failing_since = 0;  // the endpoint's, as of the offer
  model::shared_event event{};
};

enum class verdict : std::uint8_t {
  delivered,
  retry,      // again at `due`
  failed,     // tries used up, or a final refusal
  given_back  // not tried (endpoint not active, lane resting, stopping): owed as before, at `due`
};

// What the attempt means for its endpoint, concluded from how the endpoint was when the attempt was made. If that has
// changed since, a person's word or another report has come first, and nothing is changed.
struct health_conclusion {
  model::health_change change = model::health_change::none;
  std::int32_t state_version = 0;    // of the endpoint that the attempt used
  base::epoch_ms probe_at = 0;       // of open and stay_open
  base::epoch_ms failing_since = 0;  // of disable: as the delivery was offered with
  std::string reason = {};           // of open and disable: for people
};

struct attempt_report {
  model::delivery_id delivery = 0;
  model::endpoint_id endpoint = 0;
  std::uint64_t uid_hash = 0;
  std::int32_t generation = 0;
  verdict decided = verdict::delivered;
  base::epoch_ms due = 0;               // engine time; for retry and given_back
  std::int32_t config_version = 0;      // of the endpoint that the attempt used
  model::attempt evidence;              // not read for given_back
  base::epoch_ms lane_rests_until = 0;  // engine time; > 0: the endpoint's whole lane waits (Retry-After)
  health_conclusion health{};           // not read for given_back
  std::string disable_reason;           // non-empty: disable the endpoint in the same transaction (410 under `status`)
};

// What an endpoint's lane holds.
struct lane_load {
  std::size_t held = 0;    // reserved, queued or being sent
  std::size_t queued = 0;  // of them: not being sent yet
  bool may_start = true;   // the endpoint's cap on requests in flight, and the sender's own, leave room for one more
};

// Implemented by dispatch. Every call comes from the store's writer thread and must not block.
class delivery_sink {
 public:
  virtual ~delivery_sink() = default;
  // Room for one more delivery of `bytes` in the endpoint's lane, held until the delivery is reported or released.
  // uid_hash chooses the lane's part, so it must be the delivery's own. False: full; the store keeps it pending.
  [[nodiscard]] virtual bool reserve(model::endpoint_id endpoint, std::uint64_t uid_hash, std::size_t bytes) = 0;
  // Gives back a reservation whose transaction failed.
  virtual void release(model::endpoint_id endpoint, std::uint64_t uid_hash, std::size_t bytes) = 0;
  // After the commit: deliveries whose room is reserved, in order.
  virtual void offer(std::vector<owed_delivery> deliveries) = 0;
  // false: the store cannot record, so no further request may be written (invariant: nothing is sent without the
  // ability to record). true: carry on.
  virtual void allow_sending(bool allowed) = 0;
  [[nodiscard]] virtual lane_load load(model::endpoint_id /*endpoint*/) { return {}; }
};

class delivery_log {
 public:
  virtual ~delivery_log() = default;
  // Thread: any. Recorded in the next group; retained across store faults. A report whose generation is no longer the
  // delivery's changes nothing.
  virtual void record(std::vector<attempt_report> reports) = 0;
  // Thread: any. The lane has drained: what is due in the store may be loaded.
  virtual void lane_has_room(model::endpoint_id endpoint) = 0;
};

}  // namespace posthorn::store
