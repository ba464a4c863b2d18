// The write path's SQL, each statement once, as typed functions. Writer thread only, inside a transaction.
// The first failure sticks, as in a stream: later calls do nothing, and the group checks failure() before its COMMIT.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "store/event_intake.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

// outcome.result
enum class outcome_result : std::uint8_t { delivered = 0, failed = 1, cancelled = 2 };

// pending.hold: who of one uid's chain may move.
enum class chain_hold : std::uint8_t { none = 0, head = 1, waiting = 2 };

struct pending_row {
  model::endpoint_id endpoint = 0;
  std::int64_t seq = 0;
  model::delivery_id delivery = 0;
  model::event_id event = 0;
  std::uint64_t lane_key = 0;  // order key of the uid, or a spread value for deliveries without order
  std::optional<base::epoch_ms> due{};
  std::optional<base::epoch_ms> release_at{};
  std::int32_t tries = 0;
  std::int32_t attempts = 0;
  std::int32_t generation = 0;
  chain_hold hold = chain_hold::none;
};

struct outcome_row {
  model::delivery_id delivery = 0;
  model::endpoint_id endpoint = 0;
  base::epoch_ms at = 0;
  outcome_result result = outcome_result::delivered;
  std::int32_t attempts = 0;
  std::int32_t generation = 0;
  std::int32_t config_version = 0;
  std::string_view evidence{};
};

// A change of an endpoint's state; probes_failed begins anew and state_version grows.
struct endpoint_state_row {
  std::string_view state;
  std::string_view reason;
  base::epoch_ms failing_since = 0;
  base::epoch_ms probe_at = 0;
};

struct event_heading {
  std::string type;
  std::string uid;
};

class rows {
 public:
  explicit rows(connection& on);

  [[nodiscard]] int failure() const noexcept { return failure_; }
  // A new transaction begins.
  void forget_failure() noexcept { failure_ = SQLITE_OK; }
  // Of a statement that is not one of these, but belongs to the transaction. Rows and their end are no failure.
  void note_failure(int code) noexcept {
    if (failure_ == SQLITE_OK && code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) failure_ = code;
  }

  void insert_event(model::event_id id, const event_draft& draft, std::string_view targets, base::epoch_ms accepted_at);
  void insert_idempotency(model::event_id id, const idempotency& of, base::epoch_ms at, std::uint32_t deliveries);
  void insert_outcome(const outcome_row& row);
  void delete_outcome(model::delivery_id delivery);
  void insert_attempt(model::delivery_id delivery, std::int32_t number, std::string_view evidence);
  void insert_tick(std::int64_t minute, model::event_id first_id);
  void set_meta(std::string_view key, std::int64_t value);

  void insert_pending(const pending_row& row);
  // Also ends waiting: hold becomes `hold` (never `waiting`), release_at is cleared.
  void make_due(model::endpoint_id endpoint, std::int64_t seq, base::epoch_ms due, chain_hold hold);
  void plan_retry(const pending_row& row);  // due, tries, attempts of (endpoint, seq)
  void delete_pending(model::endpoint_id endpoint, std::int64_t seq);
  [[nodiscard]] std::optional<pending_row> find_pending(model::delivery_id delivery);

  // Is there a holding or waiting row of this chain before `seq`?
  [[nodiscard]] bool chain_busy_before(model::endpoint_id endpoint, std::uint64_t lane_key, std::int64_t seq);
  // The chain's first row that still holds or waits.
  [[nodiscard]] std::optional<pending_row> chain_front(model::endpoint_id endpoint, std::uint64_t lane_key);
  // Heads before `seq` no longer hold anyone: they were waited for long enough.
  void overtake_before(model::endpoint_id endpoint, std::uint64_t lane_key, std::int64_t seq);
  [[nodiscard]] std::optional<pending_row> first_overdue_waiting(model::endpoint_id endpoint, base::epoch_ms now);
  // Up to `count` rows of the endpoint, whatever their state.
  void each_pending(model::endpoint_id endpoint, std::size_t count,
                    const std::function<void(const pending_row&)>& call);
  void each_chained(model::endpoint_id endpoint, std::size_t count,
                    const std::function<void(const pending_row&)>& call);
  [[nodiscard]] std::optional<base::epoch_ms> least_due(model::endpoint_id endpoint, base::epoch_ms from);

  void insert_extra(model::delivery_id delivery, model::event_id event, model::endpoint_id endpoint);
  // A delivery that is to end as cancelled unless it turns out delivered, known beyond a crash.
  void insert_cancel_wish(model::delivery_id delivery);
  void delete_cancel_wish(model::delivery_id delivery);

  void rest_lane(model::endpoint_id endpoint, base::epoch_ms until);
  void set_endpoint_state(model::endpoint_id endpoint, const endpoint_state_row& row);
  void plan_probe(model::endpoint_id endpoint, base::epoch_ms at, std::int32_t probes_failed);
  void set_failing_since(model::endpoint_id endpoint, base::epoch_ms since);
  void set_release_since(model::endpoint_id endpoint, base::epoch_ms since);
  [[nodiscard]] std::optional<event_heading> heading_of(model::event_id event);

 private:
  void run(statement& what);
  std::optional<pending_row> one(statement& what);
  void each(statement& what, const std::function<void(const pending_row&)>& call);

  int failure_ = SQLITE_OK;
  statement insert_event_, insert_idempotency_, insert_outcome_, delete_outcome_, insert_attempt_, insert_tick_,
      set_meta_, insert_pending_, make_due_, plan_retry_, delete_pending_, find_pending_, chain_busy_, chain_front_,
      overtake_, overdue_waiting_, each_pending_, each_chained_, least_due_, insert_extra_, insert_cancel_wish_,
      delete_cancel_wish_, rest_lane_, set_endpoint_state_, plan_probe_, set_failing_since_, set_release_since_,
      heading_;
};

// A column with an outcome's result, of delivery `of`.
[[nodiscard]] outcome_result result_at(const statement& from, int column, model::delivery_id of);

// The columns of a pending row, in the order that read_pending expects, from column `first` on.
inline constexpr std::string_view pending_columns =
    "endpoint,seq,dlv,event,uid_hash,due,release_at,tries,attempts,generation,hold";
[[nodiscard]] pending_row read_pending(const statement& from, int first = 0);

}  // namespace posthorn::store::sqlite
