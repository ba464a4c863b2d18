// Counts of what went out: gathered in the lanes' states (ledger.hpp), added to the table every
// limits::traffic_flush_ms. Writer thread; reading is anyone's with a connection of his own.
#pragma once

#include <cstddef>
#include <vector>

#include "base/limits.hpp"
#include "store/sqlite/commit_group.hpp"
#include "store/traffic_log.hpp"

namespace posthorn::store::sqlite {

void count_attempt(lane_state& lane, const attempt_report& report);
void count_end(lane_state& lane, outcome_result how);

class traffic_table {
 public:
  explicit traffic_table(connection& on);

  // Whether step() has something to do at `now` (engine time).
  [[nodiscard]] bool is_due(base::epoch_ms now) const noexcept;
  // In a transaction: adds what was gathered of up to limits::traffic_flush_endpoints. True: there is more.
  bool step(commit_group& group);
  // The next step is due now, and adds all there is: it is the last.
  void hurry() noexcept;

 private:
  void add(commit_group& group, model::endpoint_id endpoint, const lane_state& lane);

  statement find_, put_, forget_;
  std::vector<model::endpoint_id> dirty_;  // of the flush that is going on
  base::epoch_ms next_flush_ = 0;
  std::size_t at_once_ = base::limits::traffic_flush_endpoints;
};

// The code that the last step ended with.
[[nodiscard]] int read_traffic(connection& on, const traffic_filter& filter, std::vector<traffic_row>& rows);

}  // namespace posthorn::store::sqlite
