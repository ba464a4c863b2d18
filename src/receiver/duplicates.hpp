// Telling a second delivery of an event from a first one. Delivery is at least once: a sender that did not hear our 200
// sends again, and its resend tool may send the same event under another id.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/limits.hpp"
#include "receiver/event.hpp"

namespace posthorn::receiver {

// Two events are the same if either key is equal. Both are printable; make them unique columns of your table.
//   by_id       webhook-id, as it came
//   by_content  envelope:    ["<uid>","<integration_id>","<event.type>",<the type's own time>]
//               certificate: ["<integration>","<type>","<_id>","<expires>"], expires null if there is none
// The type's own time is scored_at, application_completed_at, application_expired_at, last_response_submitted_at or
// application_cancelled_at.
struct duplicate_keys {
  std::optional<std::string> by_id;       // nullopt: the request had no webhook-id
  std::optional<std::string> by_content;  // nullopt: a type that this version does not know
};

// `integration` names the sender of certificates, whose document does not: any text that is constant per sender, such
// as the receiver's own path. Thread-safe.
[[nodiscard]] duplicate_keys duplicate_keys_of(const event& of, std::string_view webhook_id,
                                               std::string_view integration);

// The keys of the last `events_max` inserted events, in memory, oldest out first: about 350 bytes an event of the
// usual lengths, 22 MiB at the default. It forgets with the process, so a receiver that acts on events keeps the keys
// in its database as well. Not thread-safe.
class seen_set {
 public:
  explicit seen_set(std::size_t events_max = base::limits::seen_events_max_default) : events_max_(events_max) {}

  [[nodiscard]] bool contains(const duplicate_keys& keys) const;
  // Insert only once the event is recorded: a key that is seen but not recorded loses the sender's next try.
  void insert(duplicate_keys keys);
  [[nodiscard]] std::size_t size() const noexcept { return order_.size(); }

 private:
  // The keys that one insert brought into the sets, which own them; null where it brought none.
  struct entry {
    const std::string* by_id = nullptr;
    const std::string* by_content = nullptr;
  };

  std::size_t events_max_;
  std::deque<entry> order_;
  std::unordered_set<std::string> ids_;
  std::unordered_set<std::string> contents_;
};

}  // namespace posthorn::receiver
