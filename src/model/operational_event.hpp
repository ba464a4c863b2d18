// Posthorn's own news about an integration's endpoints and deliveries, for its operational endpoints.
// docs/operational-events.md has the payloads as receivers read them:
//   {"type":…,"timestamp":…,"data":{…}}
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "model/delivery.hpp"
#include "model/endpoint.hpp"
#include "model/ids.hpp"

namespace posthorn::model {

namespace news {
inline constexpr std::string_view endpoint_degraded = "endpoint.degraded";
inline constexpr std::string_view endpoint_recovered = "endpoint.recovered";
inline constexpr std::string_view endpoint_disabled = "endpoint.disabled";
inline constexpr std::string_view endpoint_enabled = "endpoint.enabled";
inline constexpr std::string_view delivery_failed = "delivery.failed";
}  // namespace news

// Of the four types about an endpoint. Times are wall time; 0: none.
struct endpoint_news {
  std::string_view type{};
  base::epoch_ms at = 0;
  std::string_view integration_id{};
  endpoint_id endpoint = 0;
  endpoint_state state = endpoint_state::active;  // after the change
  std::string_view reason{};
  base::epoch_ms failing_since = 0;
  base::epoch_ms next_probe_at = 0;
};

// A delivery that used up its tries or was refused for good.
struct failed_delivery_news {
  base::epoch_ms at = 0;  // wall time
  std::string_view integration_id{};
  delivery_id delivery = 0;
  event_id event = 0;
  std::string_view event_type{};
  std::string_view uid{};  // empty: none
  endpoint_id endpoint = 0;
  std::int32_t attempts = 0;
  std::int32_t last_status = 0;  // 0: no answer
  error_class last_error = error_class::none;
};

[[nodiscard]] std::string payload_of(const endpoint_news& what);
[[nodiscard]] std::string payload_of(const failed_delivery_news& what);

}  // namespace posthorn::model
