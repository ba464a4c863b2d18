// event.targets: the frozen fan-out, 8 bytes each, little-endian endpoint ids. Target k is owed delivery id + 1 + k.
#pragma once

#include <bit>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <vector>

#include "model/ids.hpp"

namespace posthorn::store::sqlite {

static_assert(std::endian::native == std::endian::little, "the stored form is copied as it is");

// Valid as long as `targets` is unchanged.
[[nodiscard]] inline std::string_view encode_targets(const std::vector<model::endpoint_id>& targets) noexcept {
  return {reinterpret_cast<const char*>(targets.data()), targets.size() * sizeof(model::endpoint_id)};
}

[[nodiscard]] inline std::size_t target_count(std::string_view targets) noexcept {
  return targets.size() / sizeof(model::endpoint_id);
}

[[nodiscard]] inline model::endpoint_id target_at(std::string_view targets, std::size_t k) noexcept {
  model::endpoint_id target = 0;
  std::memcpy(&target, targets.data() + k * sizeof target, sizeof target);
  return target;
}

[[nodiscard]] inline model::delivery_id delivery_of(model::event_id event, std::size_t k) noexcept {
  return event + 1 + static_cast<model::delivery_id>(k);
}

}  // namespace posthorn::store::sqlite
