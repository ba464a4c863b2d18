// The console sessions of now, in memory: a call by cookie is admitted on the network's thread, where nothing may wait
// for the store. people_service keeps it in step with the store.
#pragma once

#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.hpp"
#include "model/member.hpp"

namespace posthorn::account {

// Who calls, and by which session.
struct console_caller {
  model::member_id id = 0;
  model::company_id company = 0;
  model::member_role role = model::member_role::viewer;
  std::string email;           // of the member
  std::string session_digest;  // SHA-256 of the cookie's value, raw bytes
};

// Thread-safe; never blocks for long.
class live_sessions {
 public:
  void put(const model::member& of, const std::string& digest, base::epoch_ms expires_at);
  // nullopt: none of this digest, or it is over at `now` (engine time).
  [[nodiscard]] std::optional<console_caller> find(const std::string& digest, base::epoch_ms now) const;
  void end(const std::string& digest);
  // All of the member's but one; `kept` "": all.
  void end_all(model::member_id of, std::string_view kept = {});
  void end_expired(base::epoch_ms now);

 private:
  struct entry {
    console_caller who;
    base::epoch_ms expires_at = 0;
  };

  mutable std::shared_mutex mutex_;  // for the next line
  std::unordered_map<std::string, entry> by_digest_;
};

}  // namespace posthorn::account
