// An entry of a company's event-type catalogue (contract section 1). A plain value.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "model/ids.hpp"

namespace posthorn::model {

struct event_type {
  std::int64_t id = 0;     // built-in ones have small ids of their own
  company_id company = 0;  // 0: built in, every company has it
  std::string name;
  std::string description;
  std::string schema;             // JSON Schema, draft 7, of the body that is delivered, as compact JSON; empty: none
  std::string example;            // a body as it is delivered, as compact JSON; empty: none
  std::int32_t version = 1;       // grows with every change
  base::epoch_ms created_at = 0;  // wall time; 0: built in
  base::epoch_ms changed_at = 0;
};

}  // namespace posthorn::model
