// The nine event types of the contract (2.2, 4), which every company has: described by src/catalogue/data/*.json.
#pragma once

#include <span>
#include <string_view>

#include "catalogue/json_schema.hpp"
#include "model/event_type.hpp"

namespace posthorn::catalogue {

struct builtin_type {
  model::event_type value;
  json_schema schema;
};

// By name. Thread: any; the first call reads them all.
[[nodiscard]] std::span<const builtin_type> builtin_types();
// Null where none has that name.
[[nodiscard]] const builtin_type* find_builtin(std::string_view name);

}  // namespace posthorn::catalogue
