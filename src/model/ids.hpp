// The integers that nouns are known by inside; base/id.hpp gives their printed form.
#pragma once

#include <cstdint>

#include "base/id.hpp"

namespace posthorn::model {

using company_id = base::id_value;
using deployment_id = base::id_value;
using member_id = base::id_value;
using invitation_id = base::id_value;
// Internal row number of an integration; its public integration_id is a 20-digit string (contract section 1).
using integration_no = std::int64_t;
using endpoint_id = base::id_value;
using event_id = base::id_value;
// Delivery k of an event with n targets is event id + 1 + k; a replay to a later endpoint takes an id of its own.
using delivery_id = base::id_value;

}  // namespace posthorn::model
