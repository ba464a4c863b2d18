// store::traffic_log: the table's counts through a read connection, the backlog as the writer last saw it.
#pragma once

#include "store/sqlite/read_pool.hpp"
#include "store/sqlite/writer.hpp"
#include "store/traffic_log.hpp"

namespace posthorn::store::sqlite {

// Both outlive it.
class traffic_gateway final : public traffic_log {
 public:
  traffic_gateway(const writer& from, read_pool& reads) : writer_(from), reads_(reads) {}

  base::result<std::vector<traffic_row>> read_traffic(const traffic_filter& filter) override;
  [[nodiscard]] std::shared_ptr<const backlog_map> backlog() const override { return writer_.waiting(); }

 private:
  const writer& writer_;
  read_pool& reads_;
};

}  // namespace posthorn::store::sqlite
