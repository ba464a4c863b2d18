// Descending streams of ids that lists are merged from. A stream may name ids that the list does not want, never leave
// out one that it does: whoever walks it looks at each. So a stream that has run out of time names where it stands.
#pragma once

#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "store/sqlite/index_reader.hpp"
#include "store/sqlite/store_reader.hpp"

namespace posthorn::store::sqlite {

// Of one read. `steps_min`: so many questions are answered with "no" whatever the time.
class read_deadline {
 public:
  explicit read_deadline(int ms, int steps_min = 0)
      : at_us_(base::steady_us() + std::int64_t{ms} * 1000), steps_left_(steps_min) {}
  [[nodiscard]] bool passed() const noexcept {
    if (steps_left_ > 0) {
      --steps_left_;
      return false;
    }
    return base::steady_us() >= at_us_;
  }

 private:
  std::int64_t at_us_;
  mutable int steps_left_;
};

class id_source {
 public:
  virtual ~id_source() = default;
  // The greatest id below `id`; 0: none.
  virtual std::int64_t below(std::int64_t id) = 0;
};
using id_source_ptr = std::unique_ptr<id_source>;

// What the sources read from; all outlive them. `index` is null where there is none: then `position` is 0 and the whole
// store is the tail.
struct read_view {
  store_reader& store;
  index_reader* index = nullptr;
  model::event_id position = 0;  // the index has everything up to it
  const read_deadline& deadline;
};

// The union of sources, each asked again only when its last answer was used up.
[[nodiscard]] id_source_ptr union_of(std::vector<id_source_ptr> sources);
// What all of them name; at least one. They leap over each other, so that it costs what the rarest of them does.
[[nodiscard]] id_source_ptr intersection_of(const read_view& view, std::vector<id_source_ptr> sources);

// Sources of event ids.
[[nodiscard]] id_source_ptr events_above(const read_view& view, std::int64_t floor);
[[nodiscard]] id_source_ptr events_of_type(const read_view& view, std::int64_t type);
[[nodiscard]] id_source_ptr events_of_uid(const read_view& view, std::int64_t uid_key);
[[nodiscard]] id_source_ptr events_without_targets(const read_view& view);
[[nodiscard]] id_source_ptr events_replayed_to(const read_view& view, model::endpoint_id endpoint);
// The events that deliveries were fanned out from. (A replay's delivery stands for no event here.)
[[nodiscard]] id_source_ptr events_of(const read_view& view, id_source_ptr deliveries);

// Sources of delivery ids.
[[nodiscard]] id_source_ptr deliveries_above(const read_view& view, std::int64_t floor);
[[nodiscard]] id_source_ptr deliveries_to(const read_view& view, model::endpoint_id endpoint);
// `result`: failed or cancelled.
[[nodiscard]] id_source_ptr ended_at(const read_view& view, model::endpoint_id endpoint, outcome_result result);
[[nodiscard]] id_source_ptr pending_to(const read_view& view, model::endpoint_id endpoint, tried which);

}  // namespace posthorn::store::sqlite
