// Events, deliveries and attempts as the API shows them.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "base/clock.hpp"
#include "store/queries.hpp"

namespace posthorn::api {

[[nodiscard]] boost::json::object to_json(const model::attempt& attempt);
// `with_attempts`: the detail form, with every attempt of the delivery.
[[nodiscard]] boost::json::object to_json(const store::delivery_view& delivery, bool with_attempts,
                                          const base::clock& clock);
[[nodiscard]] boost::json::object to_json(const store::event_view& event, bool with_attempts,
                                          std::string_view integration_id, const base::clock& clock);
[[nodiscard]] boost::json::object to_json(const store::request_log_entry& entry);

}  // namespace posthorn::api
