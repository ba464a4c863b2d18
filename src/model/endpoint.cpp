#include "model/endpoint.hpp"

#include "model/names.hpp"

namespace posthorn::model {
namespace {

constexpr names preset_names{{"assessment", "learning", "standard"}};
constexpr names state_names{{"active", "paused", "degraded", "disabled"}};
constexpr names success_names{{"200", "2xx"}};
constexpr names retry_on_names{{"any_failure", "status"}};
constexpr names order_names{{"none", "uid"}};
constexpr names scheme_names{{"x_signature", "standard_v1", "standard_v1a"}};
constexpr names kind_names{{"events", "operational"}};

}  // namespace

endpoint endpoint_from_preset(preset from) {
  endpoint made;
  made.made_from = from;
  switch (from) {
    case preset::assessment:
      made.signatures = {{.scheme = signature_scheme::x_signature}};
      made.order = order_rule::per_uid;
      break;
    case preset::learning:
      made.success = success_rule::any_2xx;
      made.retry.on = retry_on::status;
      break;
    case preset::standard:
      made.success = success_rule::any_2xx;
      made.signatures = {{.scheme = signature_scheme::standard_v1}};
      break;
  }
  return made;
}

std::string_view to_string(preset value) noexcept { return preset_names.of(value); }
std::string_view to_string(endpoint_state value) noexcept { return state_names.of(value); }
std::string_view to_string(success_rule value) noexcept { return success_names.of(value); }
std::string_view to_string(retry_on value) noexcept { return retry_on_names.of(value); }
std::string_view to_string(order_rule value) noexcept { return order_names.of(value); }
std::string_view to_string(signature_scheme value) noexcept { return scheme_names.of(value); }
std::string_view to_string(endpoint_kind value) noexcept { return kind_names.of(value); }

std::optional<preset> preset_from(std::string_view text) noexcept { return preset_names.find<preset>(text); }
std::optional<endpoint_state> endpoint_state_from(std::string_view text) noexcept {
  return state_names.find<endpoint_state>(text);
}
std::optional<success_rule> success_rule_from(std::string_view text) noexcept {
  return success_names.find<success_rule>(text);
}
std::optional<retry_on> retry_on_from(std::string_view text) noexcept { return retry_on_names.find<retry_on>(text); }
std::optional<order_rule> order_rule_from(std::string_view text) noexcept { return order_names.find<order_rule>(text); }
std::optional<signature_scheme> signature_scheme_from(std::string_view text) noexcept {
  return scheme_names.find<signature_scheme>(text);
}
std::optional<endpoint_kind> endpoint_kind_from(std::string_view text) noexcept {
  return kind_names.find<endpoint_kind>(text);
}

}  // namespace posthorn::model
