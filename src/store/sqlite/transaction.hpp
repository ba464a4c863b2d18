// A transaction as a scope: rolled back unless committed.
#pragma once

#include <string_view>

#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

class transaction {
 public:
  // `begin` is BEGIN or BEGIN IMMEDIATE. A failure to begin shows in the first statement or in commit().
  transaction(connection& on, const char* begin) : on_(on), open_(on.exec(begin) == SQLITE_OK) {}
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  ~transaction() {
    if (open_) on_.exec("ROLLBACK");
  }

  base::result<void> commit(std::string_view doing) {
    if (!open_) return on_.failed(doing, SQLITE_BUSY);
    if (const int code = on_.exec("COMMIT"); code != SQLITE_OK) return on_.failed(doing, code);
    open_ = false;
    return {};
  }

 private:
  connection& on_;
  bool open_;
};

}  // namespace posthorn::store::sqlite
