// store::session_store: changes as the writer's units of work, reads beside it.
#pragma once

#include "store/session_store.hpp"
#include "store/sqlite/read_pool.hpp"
#include "store/sqlite/writer.hpp"

namespace posthorn::store::sqlite {

// Both outlive it. Thread: any but the writer's.
class session_gateway final : public session_store {
 public:
  session_gateway(writer& to, read_pool& reads) : writer_(to), reads_(reads) {}

  base::result<void> change_sessions(const decision& decide) override;
  base::result<page<session_record>> list_sessions(const session_filter& filter, model::session_id cursor,
                                                   std::size_t limit) override;
  base::result<session_record> find_session(model::integration_no integration, model::session_id id) override;
  base::result<base::epoch_ms> next_session_end() override;
  base::result<std::vector<due_scoring>> due_scorings(base::epoch_ms now, std::size_t per_integration) override;

 private:
  writer& writer_;
  read_pool& reads_;
};

}  // namespace posthorn::store::sqlite
