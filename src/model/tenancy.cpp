#include "model/tenancy.hpp"

#include "model/names.hpp"

namespace posthorn::model {
namespace {

constexpr names environment_names{{"test", "production"}};

}  // namespace

std::string_view to_string(environment value) noexcept { return environment_names.of(value); }

std::optional<environment> environment_from(std::string_view text) noexcept {
  return environment_names.find<environment>(text);
}

std::string_view key_prefix(environment value) noexcept { return value == environment::test ? "ph_test_" : "ph_prod_"; }

}  // namespace posthorn::model
