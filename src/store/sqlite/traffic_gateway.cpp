#include "store/sqlite/traffic_gateway.hpp"

#include "store/sqlite/traffic_table.hpp"

namespace posthorn::store::sqlite {

base::result<std::vector<traffic_row>> traffic_gateway::read_traffic(const traffic_filter& filter) {
  std::vector<traffic_row> rows;
  auto read =
      read_rows(reads_, "reading the traffic", [&](connection& on) { return sqlite::read_traffic(on, filter, rows); });
  if (!read) return std::unexpected(std::move(read.error()));
  return rows;
}

}  // namespace posthorn::store::sqlite
