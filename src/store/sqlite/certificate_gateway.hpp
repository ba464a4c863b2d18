// store::certificate_store: changes as the writer's units of work, reads beside it.
#pragma once

#include "store/certificate_store.hpp"
#include "store/sqlite/read_pool.hpp"
#include "store/sqlite/writer.hpp"

namespace posthorn::store::sqlite {

// Both outlive it. Thread: any but the writer's.
class certificate_gateway final : public certificate_store {
 public:
  certificate_gateway(writer& to, read_pool& reads) : writer_(to), reads_(reads) {}

  base::result<void> change_certificates(const decision& decide) override;
  base::result<page<model::certificate>> list_certificates(const certificate_filter& filter, std::int64_t cursor,
                                                           std::size_t limit) override;
  base::result<model::certificate> find_certificate(model::integration_no integration, std::string_view id) override;
  base::result<std::vector<model::certificate_rule>> list_rules(model::integration_no integration) override;
  base::result<base::epoch_ms> next_certificate_end() override;

 private:
  writer& writer_;
  read_pool& reads_;
};

}  // namespace posthorn::store::sqlite
