// Rebuilds the ledger from the store, at start and after a store fault (docs/store.md, after a crash). Writer thread.
// Reads every pending row's index entry once and the events above the watermark; nothing else, whatever the store's
// size.
#pragma once

#include <unordered_set>

#include "base/result.hpp"
#include "store/directory.hpp"
#include "store/sqlite/commit_group.hpp"
#include "store/sqlite/idempotency_memory.hpp"

namespace posthorn::store::sqlite {

struct recovery_summary {
  std::uint64_t tail_events = 0;  // read above the watermark
  std::uint64_t requeued = 0;     // owed without outcome or pending row
  std::uint64_t pending_rows = 0;
};

// `held`: deliveries that lanes still hold (after a fault; empty at start); they are not offered again.
// Deliveries to offer are appended to group.offers: offer them once this has returned without error.
base::result<recovery_summary> recover(connection& on, commit_group& group, const directory& now_current,
                                       const std::unordered_set<model::delivery_id>& held);

// The greatest id in use anywhere in the store.
[[nodiscard]] base::result<std::int64_t> greatest_id(connection& on);

// The memory has the keys of the last 24 hours then and no others, as many as it holds, older ones first.
[[nodiscard]] base::result<void> recall_idempotency(connection& on, idempotency_memory& memory, base::epoch_ms wall);

}  // namespace posthorn::store::sqlite
