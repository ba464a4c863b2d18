// The written names of an enum, in the order of its values.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace posthorn::model {

template <std::size_t N>
struct names {
  std::array<std::string_view, N> list;

  template <class Enum>
  [[nodiscard]] constexpr std::string_view of(Enum value) const noexcept {
    return list[static_cast<std::size_t>(value)];
  }

  template <class Enum>
  [[nodiscard]] constexpr std::optional<Enum> find(std::string_view text) const noexcept {
    for (std::size_t i = 0; i < N; ++i) {
      if (list[i] == text) return static_cast<Enum>(i);
    }
    return std::nullopt;
  }
};

template <std::size_t N>
names(const std::string_view (&)[N]) -> names<N>;
template <std::size_t N>
names(const char* const (&)[N]) -> names<N>;

}  // namespace posthorn::model
