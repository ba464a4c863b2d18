#include "model/delivery.hpp"

#include "model/names.hpp"

namespace posthorn::model {
namespace {

constexpr names delivery_names{{"pending", "retrying", "parked", "delivered", "failed", "cancelled"}};
constexpr names event_names{{"unrouted", "pending", "delivered", "failed"}};
constexpr names error_names{{"none", "dns", "address_refused", "connect", "tls", "timeout", "connection", "protocol",
                             "too_large", "configuration"}};

}  // namespace

std::string_view to_string(delivery_state value) noexcept { return delivery_names.of(value); }
std::string_view to_string(event_state value) noexcept { return event_names.of(value); }
std::string_view to_string(error_class value) noexcept { return error_names.of(value); }
std::optional<delivery_state> delivery_state_from(std::string_view text) noexcept {
  return delivery_names.find<delivery_state>(text);
}
std::optional<event_state> event_state_from(std::string_view text) noexcept {
  return event_names.find<event_state>(text);
}
std::optional<error_class> error_class_from(std::string_view text) noexcept {
  return error_names.find<error_class>(text);
}

}  // namespace posthorn::model
