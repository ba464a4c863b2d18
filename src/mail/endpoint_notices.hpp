// Which changes of endpoints' states people are told of: degraded, disabled, and active again. About one endpoint at
// most one notice in limits::notice_gap_ms, and as many about all endpoints of an integration together that are younger
// than that, so that deleting an endpoint and making it again brings no more; what changes meanwhile is told at the
// gap's end, if it is still so. A restart in between changes nothing.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "model/endpoint.hpp"
#include "model/ids.hpp"
#include "store/directory.hpp"
#include "store/people_store.hpp"

namespace posthorn::mail {

struct notice {
  model::company_id company = 0;
  model::integration_no integration = 0;
  model::endpoint_id endpoint = 0;
  bool is_young = false;  // told in the place that its integration's young endpoints share
  std::string integration_id;
  std::string url;
  model::endpoint_state state = model::endpoint_state::active;
  std::string reason;
  base::epoch_ms at = 0;  // engine time
};

// Not thread-safe; no clock of its own.
class endpoint_notices {
 public:
  // When the last notice of an integration's young endpoints was told (engine time).
  using young_notices = std::unordered_map<model::integration_no, base::epoch_ms>;

  // `before`, `young_before`: what was told before a restart.
  explicit endpoint_notices(const std::vector<store::told_notice>& before, young_notices young_before = {});

  // What is to be told at `at` (engine time). Endpoints begin as active; a pause is nothing to tell.
  [[nodiscard]] std::vector<notice> look(const store::directory& now, base::epoch_ms at);

 private:
  struct told {
    model::endpoint_state state = model::endpoint_state::active;
    base::epoch_ms at = 0;  // 0: not yet
  };
  [[nodiscard]] bool may_tell(const model::endpoint& of, const told& last, bool is_young, base::epoch_ms at) const;

  std::unordered_map<model::endpoint_id, told> told_;
  young_notices young_told_at_;
};

}  // namespace posthorn::mail
