// What waits to be accepted, and how much of it the next group takes. Writer thread only.
//
// A group takes no more than limits::commit_group_events_max. And while the lane that events go to holds much but
// drains fast, they wait for it, limits::accept_wait_ms_max at most: through the lane a delivery costs two rows,
// through the backlog seven. A lane that would not be done by then is not waited for, so a slow receiver delays no
// answer.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "store/event_intake.hpp"
#include "store/sqlite/ledger.hpp"

namespace posthorn::store::sqlite {

struct accept_work {
  std::vector<event_draft> drafts;
  accept_done done;
  std::size_t bytes = 0;
  base::epoch_ms since = 0;                 // engine time
  std::optional<base::error> failure = {};  // its own, where it is what a group failed of
};

class intake_queue {
 public:
  // Takes what is to go into the next group out of `arrived`, behind what has waited; keeps the rest in order.
  // `all_lanes`: no lane is waited for.
  [[nodiscard]] std::vector<accept_work> next_group(std::vector<accept_work> arrived, ledger& known, base::epoch_ms now,
                                                    bool all_lanes);

  [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }
  // When to look again if nothing is reported until then; `never` if nothing waits.
  [[nodiscard]] base::epoch_ms next_at() const noexcept { return next_at_; }

 private:
  std::vector<accept_work> waiting_;
  base::epoch_ms next_at_ = never;
};

}  // namespace posthorn::store::sqlite
