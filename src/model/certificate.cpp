#include "model/certificate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "model/names.hpp"

namespace posthorn::model {
namespace {

constexpr std::size_t object_id_chars = 24;
constexpr std::size_t object_id_random_bytes = 8;
constexpr names state_names{{"valid", "expired", "revoked"}};

}  // namespace

bool is_object_id(std::string_view text) noexcept {
  return text.size() == object_id_chars &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string new_object_id(base::epoch_ms now) {
  return fmt::format("{:08x}", static_cast<std::uint32_t>(now / 1000)) +
         base::to_hex(base::random_bytes(object_id_random_bytes));
}

std::string_view to_string(certificate_state value) noexcept { return state_names.of(value); }
std::optional<certificate_state> certificate_state_from(std::string_view text) noexcept {
  return state_names.find<certificate_state>(text);
}

}  // namespace posthorn::model
