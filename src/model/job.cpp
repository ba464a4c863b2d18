#include "model/job.hpp"

#include "model/names.hpp"

namespace posthorn::model {
namespace {

constexpr names kind_names{{"retry", "replay", "recover"}};
constexpr names state_names{{"running", "done", "cancelled", "failed"}};
constexpr names choice_names{{"failed", "cancelled", "delivered", "finished", "missing", "unrouted"}};

}  // namespace

std::string_view to_string(job_kind value) noexcept { return kind_names.of(value); }
std::string_view to_string(job_state value) noexcept { return state_names.of(value); }
std::string_view to_string(replay_choice value) noexcept { return choice_names.of(value); }
std::optional<job_kind> job_kind_from(std::string_view text) noexcept { return kind_names.find<job_kind>(text); }
std::optional<job_state> job_state_from(std::string_view text) noexcept { return state_names.find<job_state>(text); }
std::optional<replay_choice> replay_choice_from(std::string_view text) noexcept {
  return choice_names.find<replay_choice>(text);
}

}  // namespace posthorn::model
