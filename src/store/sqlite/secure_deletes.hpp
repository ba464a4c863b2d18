// While it lives, SQLite overwrites what is deleted or replaced. It costs a quarter of a delete, so it is for work that
// may touch personal data, not for the rows of the backlog.
#pragma once

#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

class secure_deletes {
 public:
  explicit secure_deletes(connection& on) : on_(on) { on_.exec("PRAGMA secure_delete=ON"); }
  ~secure_deletes() { on_.exec("PRAGMA secure_delete=OFF"); }
  secure_deletes(const secure_deletes&) = delete;
  secure_deletes& operator=(const secure_deletes&) = delete;

 private:
  connection& on_;
};

}  // namespace posthorn::store::sqlite
