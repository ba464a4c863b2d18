#include "store/audit_log.hpp"

#include <utility>

namespace posthorn::store {
namespace {

thread_local audit_note* on_behalf = nullptr;

}  // namespace

std::string_view to_string(actor_kind value) noexcept {
  switch (value) {
    case actor_kind::admin: return "admin";
    case actor_kind::api_key: return "api_key";
    case actor_kind::member: return "member";
    case actor_kind::operations: return "operations";
  }
  return {};
}

acting::acting(audit_note* behalf) noexcept : outer_(std::exchange(on_behalf, behalf)) {}

acting::~acting() { on_behalf = outer_; }

audit_note* acting::current() noexcept { return on_behalf; }

}  // namespace posthorn::store
