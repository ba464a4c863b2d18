// Events, deliveries and attempts as the API shows them.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string_view>

#include "base/clock.hpp"
#include "store/queries.hpp"

namespace posthorn::api {

[[nodiscard]] boost::json::object to_json(const model::attempt& attempt);
// Why it failed and what to do; null of one that delivered. 200 counts everywhere; whether another status does, is for
// `has_delivered` to say.
[[nodiscard]] boost::json::value advice_json(const model::attempt& attempt, bool has_delivered);
// `with_attempts`: the detail form, with every attempt of the delivery.
[[nodiscard]] boost::json::object to_json(const store::delivery_view& delivery, bool with_attempts,
                                          const base::clock& clock);
[[nodiscard]] boost::json::object to_json(const store::event_view& event, bool with_attempts,
                                          std::string_view integration_id, const base::clock& clock);
[[nodiscard]] boost::json::object to_json(const store::request_log_entry& entry);

}  // namespace posthorn::api
