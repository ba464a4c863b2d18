// store::queries over posthorn.db and index.db.
#pragma once

#include "store/queries.hpp"
#include "store/sqlite/read_pool.hpp"

namespace posthorn::store::sqlite {

class sqlite_queries final : public queries {
 public:
  sqlite_queries(read_pool::options how, index_builder& builder) : pool_(std::move(how), builder) {}

  base::result<page<event_view>> list_events(const event_filter& filter, std::int64_t cursor,
                                             std::size_t limit) override;
  base::result<event_view> find_event(model::integration_no integration, model::event_id id) override;
  base::result<std::string> find_payload(model::integration_no integration, model::event_id id) override;
  base::result<page<delivery_view>> list_deliveries(const delivery_filter& filter, std::int64_t cursor,
                                                    std::size_t limit) override;
  base::result<delivery_view> find_delivery(model::integration_no integration, model::delivery_id id) override;
  base::result<condition_map> conditions(model::integration_no integration) override;
  base::result<page<request_log_entry>> list_requests(const log_subject& of, std::int64_t cursor,
                                                      std::size_t limit) override;

  // For the other ports that read.
  [[nodiscard]] read_pool& pool() noexcept { return pool_; }

 private:
  read_pool pool_;
};

}  // namespace posthorn::store::sqlite
