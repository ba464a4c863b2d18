#include "web/files.hpp"

#include <algorithm>

namespace posthorn::web {
namespace {

constexpr file assessment[] = {
#include "web/assess.inc"
};

constexpr file console[] = {
#include "web/console.inc"
};

}  // namespace

std::span<const file> assessment_files() noexcept { return assessment; }
std::span<const file> console_files() noexcept { return console; }

const file* find_file(std::span<const file> in, std::string_view name) noexcept {
  const auto found = std::ranges::find(in, name, &file::name);
  return found == in.end() ? nullptr : &*found;
}

}  // namespace posthorn::web
