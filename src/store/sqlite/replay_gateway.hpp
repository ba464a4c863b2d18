// replay_store on the writer: each change is a unit of work in its next transaction; reads go to the read pool.
#pragma once

#include "store/replay_store.hpp"
#include "store/secret_box.hpp"
#include "store/sqlite/read_pool.hpp"
#include "store/sqlite/writer.hpp"

namespace posthorn::store::sqlite {

class replay_gateway final : public replay_store {
 public:
  replay_gateway(writer& to, const secret_box& secrets, read_pool& reads)
      : writer_(to), secrets_(secrets), reads_(reads) {}

  base::result<void> replay_delivery(model::delivery_id id) override;
  base::result<std::vector<replayed_delivery>> replay_event(model::event_id id,
                                                            const std::vector<model::endpoint_id>& to) override;
  base::result<model::job> start_job(model::job wanted) override;
  base::result<model::job> cancel_job(model::integration_no integration, model::job_id id) override;
  base::result<model::job> find_job(model::integration_no integration, model::job_id id) override;
  base::result<page<model::job>> list_jobs(model::integration_no integration, std::int64_t cursor,
                                           std::size_t limit) override;

 private:
  [[nodiscard]] std::optional<std::int64_t> count(model::job of);

  writer& writer_;
  const secret_box& secrets_;
  read_pool& reads_;
};

}  // namespace posthorn::store::sqlite
