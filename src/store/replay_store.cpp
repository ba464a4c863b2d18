#include "store/replay_store.hpp"

#include "model/names.hpp"

namespace posthorn::store {
namespace {

constexpr model::names result_names{{"requeued", "created", "due_now", "sending", "waiting", "endpoint_gone"}};

}  // namespace

std::string_view to_string(replay_result value) noexcept { return result_names.of(value); }

}  // namespace posthorn::store
