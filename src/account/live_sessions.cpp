#include "account/live_sessions.hpp"

#include <mutex>

namespace posthorn::account {

void live_sessions::put(const model::member& of, const std::string& digest, base::epoch_ms expires_at) {
  const std::unique_lock lock(mutex_);
  const console_caller who{
      .id = of.id, .company = of.company, .role = of.role, .email = of.email, .session_digest = digest};
  by_digest_.insert_or_assign(digest, entry{who, expires_at});
}

std::optional<console_caller> live_sessions::find(const std::string& digest, base::epoch_ms now) const {
  const std::shared_lock lock(mutex_);
  const auto found = by_digest_.find(digest);
  if (found == by_digest_.end() || found->second.expires_at <= now) return std::nullopt;
  return found->second.who;
}

void live_sessions::end(const std::string& digest) {
  const std::unique_lock lock(mutex_);
  by_digest_.erase(digest);
}

void live_sessions::end_all(model::member_id of, std::string_view kept) {
  const std::unique_lock lock(mutex_);
  std::erase_if(by_digest_, [&](const auto& each) { return each.second.who.id == of && each.first != kept; });
}

void live_sessions::end_expired(base::epoch_ms now) {
  const std::unique_lock lock(mutex_);
  std::erase_if(by_digest_, [now](const auto& each) { return each.second.expires_at <= now; });
}

}  // namespace posthorn::account
