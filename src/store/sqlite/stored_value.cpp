#include "store/sqlite/stored_value.hpp"

#include <fmt/format.h>

namespace posthorn::store::sqlite {
namespace {

constexpr std::size_t shown_bytes_max = 64;

}  // namespace

void refuse_stored(const row_name& row, std::string_view column, std::string_view value) {
  throw base::thrown_error({base::fault::store_corrupt,
                            fmt::format("table {}, row {}: {} has a value that is not known: '{}'", row.table,
                                        row.number, column, value.substr(0, shown_bytes_max)),
                            {},
                            {}});
}

void refuse_stored(const row_name& row, std::string_view column, std::int64_t value) {
  refuse_stored(row, column, std::to_string(value));
}

}  // namespace posthorn::store::sqlite
