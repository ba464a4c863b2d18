#include "api/description.hpp"

namespace posthorn::api {
namespace {

constexpr std::string_view text =
#include "api/description.inc"
    ;

}  // namespace

std::string_view description() noexcept { return text; }

}  // namespace posthorn::api
