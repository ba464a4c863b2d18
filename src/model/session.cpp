#include "model/session.hpp"

#include "model/names.hpp"

namespace posthorn::model {
namespace {

constexpr names states({"created", "consented", "in_progress", "complete", "incomplete", "cancelled", "expired",
                        "scored"});
constexpr names platforms({"WEB", "ANDROID", "IOS"});

}  // namespace

bool is_live(session_state state) noexcept { return state <= session_state::in_progress; }

std::string_view to_string(session_state value) noexcept { return states.of(value); }
std::string_view to_string(platform value) noexcept { return platforms.of(value); }

std::optional<session_state> session_state_from(std::string_view text) noexcept {
  return states.find<session_state>(text);
}
std::optional<platform> platform_from(std::string_view text) noexcept { return platforms.find<platform>(text); }

}  // namespace posthorn::model
