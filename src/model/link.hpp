// Links to assessments, made many at a time (contract 2.8). Plain values; all times are engine time.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "model/ids.hpp"
#include "model/session.hpp"

namespace posthorn::model {

using link_id = base::id_value;
using link_batch_id = base::id_value;

struct link_batch {
  link_batch_id id = 0;
  integration_no integration = 0;
  std::string name;
  std::int32_t count = 0;  // of links, when all are made
  std::int32_t made = 0;
  base::epoch_ms created_at = 0;

  bool operator==(const link_batch&) const = default;
};

// One link is one session of its uid.
struct link {
  link_id id = 0;
  integration_no integration = 0;
  link_batch_id batch = 0;
  std::string uid;
  std::int32_t generation = 1;    // grows with each regenerate: only the present one opens
  base::epoch_ms created_at = 0;  // of this generation
  base::epoch_ms expires_at = 0;  // the first instant that is too late; its session ends then, too
  session_id session = 0;         // that it leads to; 0: it was not opened yet
  // The uid's newest session when it was regenerated: if that one had ended, another one may begin.
  session_id begins_after = 0;

  bool operator==(const link&) const = default;
};

}  // namespace posthorn::model
