// store::link_store: changes as the writer's units of work, reads beside it.
#pragma once

#include "store/link_store.hpp"
#include "store/sqlite/read_pool.hpp"
#include "store/sqlite/writer.hpp"

namespace posthorn::store::sqlite {

// Both outlive it. Thread: any but the writer's.
class link_gateway final : public link_store {
 public:
  link_gateway(writer& to, read_pool& reads) : writer_(to), reads_(reads) {}

  base::result<void> change_links(const decision& decide) override;
  base::result<page<model::link_batch>> list_link_batches(model::integration_no integration,
                                                          model::link_batch_id cursor, std::size_t limit) override;
  base::result<model::link_batch> find_link_batch(model::integration_no integration, model::link_batch_id id) override;
  base::result<page<link_view>> list_links(model::integration_no integration, model::link_batch_id batch,
                                           model::link_id cursor, std::size_t limit) override;
  base::result<link_view> find_link(model::integration_no integration, model::link_id id) override;
  base::result<bool> has_link_work() override;

 private:
  writer& writer_;
  read_pool& reads_;
};

}  // namespace posthorn::store::sqlite
