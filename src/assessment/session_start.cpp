#include "assessment/session_start.hpp"

#include <cassert>

#include "base/limits.hpp"

namespace posthorn::assessment {

using model::session_state;

admission admit(const std::optional<model::session>& latest, base::epoch_ms now) {
  if (!latest) return admission::create;
  return is_live(latest->state) && now < latest->expires_at ? admission::resume : admission::refuse;
}

bool may_begin_again(const model::session& latest, base::epoch_ms now) {
  if (is_live(latest.state)) return now >= latest.expires_at;
  return latest.state != session_state::complete && latest.state != session_state::scored;
}

model::session begin(model::session of, std::int32_t limit_s, base::epoch_ms now) {
  assert(limit_s >= base::limits::session_limit_s_min && limit_s <= base::limits::session_limit_s_max);
  of.state = session_state::created;
  of.created_at = now;
  of.expires_at = now + std::int64_t{limit_s} * 1000;
  return of;
}

}  // namespace posthorn::assessment
