// What readers ask posthorn.db, each statement once, as typed functions. The first failure sticks, as in a stream:
// later calls find nothing, and the caller looks at failure() before it answers. Not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/delivery.hpp"
#include "model/endpoint.hpp"
#include "store/queries.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/rows.hpp"

namespace posthorn::store::sqlite {

struct stored_event {
  model::event_id id = 0;
  model::integration_no integration = 0;
  std::string type;
  std::string uid;
  base::epoch_ms accepted_at = 0;
  std::uint64_t payload_bytes = 0;
  std::string targets;
  bool erased = false;  // uid empty, payload_bytes 0
};

// Where a delivery comes from.
struct delivery_origin {
  model::event_id event = 0;
  model::endpoint_id endpoint = 0;
  model::integration_no integration = 0;
};

struct stored_pending {
  std::optional<base::epoch_ms> due;
  std::int32_t tries = 0;
  std::int32_t attempts = 0;
  bool waits = false;
};

struct stored_outcome {
  base::epoch_ms at = 0;
  model::delivery_state result = model::delivery_state::delivered;
  std::int32_t attempts = 0;
  std::optional<model::attempt> last;
};

struct stored_endpoint {
  model::endpoint_state state = model::endpoint_state::active;
  bool deleted = false;
  base::epoch_ms not_before = 0;
  base::epoch_ms probe_at = 0;

  // What is pending to it is parked.
  [[nodiscard]] bool parks() const noexcept { return deleted || state != model::endpoint_state::active; }
};

// Of pending rows: those that were tried in their generation.
enum class tried : std::uint8_t { no = 0, yes = 1, any = 2 };

class store_reader {
 public:
  explicit store_reader(connection&& on);

  [[nodiscard]] connection& on() noexcept { return on_; }
  [[nodiscard]] int failure() const noexcept { return failure_; }

  [[nodiscard]] std::optional<stored_event> event(model::event_id id);
  [[nodiscard]] std::optional<std::string> payload(model::integration_no integration, model::event_id id);
  [[nodiscard]] std::vector<std::pair<model::endpoint_id, model::delivery_id>> extras_of(model::event_id event);
  [[nodiscard]] std::optional<delivery_origin> origin_of(model::delivery_id delivery);

  [[nodiscard]] std::optional<stored_pending> pending(model::delivery_id delivery);
  [[nodiscard]] std::optional<stored_outcome> outcome(model::delivery_id delivery);
  [[nodiscard]] std::optional<model::attempt> last_attempt(model::delivery_id delivery);
  [[nodiscard]] std::vector<model::attempt> attempts(model::delivery_id delivery);  // by number, the last one's aside

  [[nodiscard]] stored_endpoint endpoint(model::endpoint_id id);
  [[nodiscard]] condition_map conditions_of(model::integration_no integration);  // those that fail alone
  [[nodiscard]] std::vector<model::endpoint_id> endpoints_of(model::integration_no integration);  // deleted ones too

  // The greatest id below `id` (and above `floor`) of its kind; 0: none.
  [[nodiscard]] std::int64_t event_below(std::int64_t id, std::int64_t floor);
  [[nodiscard]] std::int64_t extra_below(std::int64_t id, std::int64_t floor);
  [[nodiscard]] std::int64_t extra_event_below(model::endpoint_id endpoint, std::int64_t id);
  [[nodiscard]] std::int64_t ended_below(model::endpoint_id endpoint, outcome_result result, std::int64_t id);
  [[nodiscard]] std::int64_t pending_below(model::endpoint_id endpoint, tried which, std::int64_t id);
  [[nodiscard]] std::int64_t replayed_pending_below(model::endpoint_id endpoint, tried which, std::int64_t id);
  // The least event id that is `id` or greater; the greatest number: none.
  [[nodiscard]] std::int64_t event_from(std::int64_t id);
  [[nodiscard]] std::size_t targets_of(model::event_id id);

  [[nodiscard]] std::int64_t watermark();
  // time_search.hpp
  [[nodiscard]] model::event_id first_event_since(base::epoch_ms since);

 private:
  // True: a row to read.
  bool row(statement& what);
  std::int64_t number(statement& what);

  connection on_;
  int failure_ = SQLITE_OK;
  statement event_, payload_, extras_, owner_, extra_origin_, pending_, outcome_, last_attempt_, attempts_, endpoint_,
      endpoints_, conditions_, event_below_, extra_below_, extra_event_below_, ended_below_, pending_below_,
      replayed_pending_below_, event_from_, targets_of_, watermark_;
};

}  // namespace posthorn::store::sqlite
