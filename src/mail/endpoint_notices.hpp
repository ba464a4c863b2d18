// Which changes of endpoints' states people are told of: degraded, disabled, and active again. About one endpoint at
// most one notice in limits::notice_gap_ms; what changes meanwhile is told at its end, if it is still so. A restart in
// between changes nothing.
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
  model::endpoint_id endpoint = 0;
  std::string integration_id;
  std::string url;
  model::endpoint_state state = model::endpoint_state::active;
  std::string reason;
  base::epoch_ms at = 0;  // engine time
};

// Not thread-safe; no clock of its own.
class endpoint_notices {
 public:
  // `before`: what was told before a restart.
  explicit endpoint_notices(const std::vector<store::told_notice>& before);

  // What is to be told at `at` (engine time). Endpoints begin as active; a pause is nothing to tell.
  [[nodiscard]] std::vector<notice> look(const store::directory& now, base::epoch_ms at);

 private:
  struct told {
    model::endpoint_state state = model::endpoint_state::active;
    base::epoch_ms at = 0;  // 0: not yet
  };
  std::unordered_map<model::endpoint_id, told> told_;
};

}  // namespace posthorn::mail
