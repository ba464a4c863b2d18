// Makes a skeleton of an event (erasure_mark.hpp), with the evidence of its attempts and its Idempotency-Key. Writer
// thread, in a transaction.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "model/ids.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/event_deliveries.hpp"

namespace posthorn::store::sqlite {

class event_eraser {
 public:
  explicit event_eraser(connection& on);

  // False: it is gone, or was erased before. not_acceptable_now: one of its deliveries has not ended.
  base::result<bool> erase(model::event_id id);
  // The Idempotency-Keys of what was erased. The memory is to forget them once all of it has passed, as a savepoint
  // does not undo that.
  [[nodiscard]] std::vector<std::array<std::uint8_t, 16>>& forgotten_keys() noexcept { return forgotten_; }

 private:
  base::result<void> blank_delivery(model::delivery_id id);
  base::result<void> forget_key(model::event_id id);

  connection& on_;
  std::vector<std::array<std::uint8_t, 16>> forgotten_;
  delivery_lister deliveries_;
  statement outcome_, blank_outcome_, attempts_, blank_attempt_, key_, delete_key_, blank_event_;
};

}  // namespace posthorn::store::sqlite
