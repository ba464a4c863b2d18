// One delivery again, or one more to an endpoint that came later. Writer thread, in a transaction.
#pragma once

#include <optional>

#include "store/replay_store.hpp"
#include "store/sqlite/commit_group.hpp"

namespace posthorn::store::sqlite {

struct delivery_owner {
  model::event_id event = 0;
  model::endpoint_id endpoint = 0;
  std::uint64_t uid_hash = 0;
};

// Failures of its statements are the group's (rows::note_failure): what it answers then is of no use.
class resender {
 public:
  explicit resender(connection& on);

  // nullopt: there is no such delivery, or its event is gone.
  [[nodiscard]] std::optional<delivery_owner> owner_of(commit_group& group, model::delivery_id id);

  // As replay_store tells it; never `created`. nullopt: `id` neither has ended nor is it on its way.
  std::optional<replay_result> again(commit_group& group, model::delivery_id id, const delivery_owner& of);
  // Of a delivery that has ended alone: nullopt if it has not.
  std::optional<replay_result> again_if_ended(commit_group& group, model::delivery_id id, const delivery_owner& of);
  // An extra delivery, due now. nullopt: the endpoint is gone.
  std::optional<model::delivery_id> add(commit_group& group, const delivery_owner& of);

 private:
  // Due now, or at the end of its uid's chain.
  static void make_pending(commit_group& group, lane_state& lane, pending_row row, std::uint64_t uid_hash);

  statement frozen_, extra_, outcome_;
};

}  // namespace posthorn::store::sqlite
