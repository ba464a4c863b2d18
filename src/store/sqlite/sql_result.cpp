#include "store/sqlite/sql_result.hpp"

namespace posthorn::store::sqlite {

base::result<bool> next_row(const connection& on, statement& what, std::string_view doing) {
  const int code = what.step();
  if (code == SQLITE_ROW) return true;
  what.reset();
  if (code == SQLITE_DONE) return false;
  return on.failed(doing, code);
}

base::result<void> run(const connection& on, statement& what, std::string_view doing) {
  const int code = what.run();
  if (code != SQLITE_OK) return on.failed(doing, code);
  return {};
}

}  // namespace posthorn::store::sqlite
