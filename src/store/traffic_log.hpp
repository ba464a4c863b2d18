// What went out and what waits, as counts: for charts, and for an overview that costs the same whatever the store
// holds.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "model/ids.hpp"
#include "model/traffic.hpp"

namespace posthorn::store {

struct traffic_filter {
  model::integration_no integration = 0;
  std::optional<model::endpoint_id> endpoint{};
  base::epoch_ms since = 0;  // wall time: spans that begin at or after it
  int step_s = 60;           // one of model::traffic_steps
};

struct traffic_row {
  base::epoch_ms start = 0;  // wall time, a multiple of the step
  model::endpoint_id endpoint = 0;
  model::traffic_count count;
};

// What waits in the store for an endpoint: parked, if it is not active.
struct endpoint_backlog {
  std::uint64_t deliveries = 0;
  base::epoch_ms oldest_due = 0;  // engine time; 0: nothing is due
};
using backlog_map = std::unordered_map<model::endpoint_id, endpoint_backlog>;

class traffic_log {
 public:
  virtual ~traffic_log() = default;

  // By start, then endpoint. A span of which nothing was counted has no row; the current one grows, up to
  // limits::traffic_flush_ms late. A crash loses as much of the counts, and nothing else.
  virtual base::result<std::vector<traffic_row>> read_traffic(const traffic_filter& filter) = 0;
  // Of the endpoints for which something waits, as of the last look (limits::engine_survey_ms). Never null; never
  // blocks. Thread: any.
  [[nodiscard]] virtual std::shared_ptr<const backlog_map> backlog() const = 0;
};

}  // namespace posthorn::store
