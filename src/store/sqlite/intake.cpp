#include "store/sqlite/intake.hpp"

#include "base/boundary.hpp"
#include "store/sqlite/placement.hpp"
#include "store/sqlite/targets.hpp"

namespace posthorn::store::sqlite {
namespace {

accepted_event insert(commit_group& group, event_draft& draft, idempotency_memory* memory) {
  const auto targets = static_cast<std::uint32_t>(draft.targets.size());
  const model::event_id id = group.ids.take(1 + targets, group.wall);
  group.sql.insert_event(id, draft, encode_targets(draft.targets), group.wall);
  group.memory_changed = true;
  if (draft.idempotent && memory != nullptr) {
    group.sql.insert_idempotency(id, *draft.idempotent, group.wall, targets);
    memory->add(draft.idempotent->key, {draft.idempotent->body, id, targets, group.wall});
  }
  const auto event = std::make_shared<const model::event_body>(model::event_body{
      id, draft.integration, std::move(draft.type), std::move(draft.uid), std::move(draft.payload), group.wall});
  for (std::uint32_t k = 0; k < targets; ++k) place(group, event, draft.uid_hash, draft.targets[k], id + 1 + k);
  return {id, targets, false};
}

accept_result accept_one(commit_group& group, idempotency_memory& memory, event_draft& draft) {
  if (draft.idempotent) {
    const auto looked_up =
        base::contain("looking up an Idempotency-Key", {}, [&]() -> base::result<std::optional<idempotent_answer>> {
          return memory.find(draft.idempotent->key, group.wall);
        });
    if (!looked_up) return std::unexpected(looked_up.error());
    if (const auto& earlier = *looked_up) {
      if (earlier->body == draft.idempotent->body) return accepted_event{earlier->id, earlier->deliveries, true};
      return base::fail(base::fault::idempotency_mismatch,
                        "this Idempotency-Key was used in the last 24 hours with another body: send the same body, or "
                        "a new key");
    }
  }
  return insert(group, draft, &memory);
}

}  // namespace

std::vector<accept_result> accept_drafts(commit_group& group, idempotency_memory& memory,
                                         std::vector<event_draft>& drafts) {
  std::vector<accept_result> results;
  results.reserve(drafts.size());
  for (event_draft& draft : drafts) results.push_back(accept_one(group, memory, draft));
  return results;
}

void make_event(commit_group& group, event_draft& draft) {
  insert(group, draft, nullptr);
  ++group.events_made;
}

}  // namespace posthorn::store::sqlite
