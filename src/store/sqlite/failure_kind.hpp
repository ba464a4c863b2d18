// How a failed call is to be met, where the operating system's own reason counts as well as SQLite's code.
#pragma once

#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

// classify() of what the last call returned; a file that may not grow (RLIMIT_FSIZE, a quota) is a full disk.
[[nodiscard]] sql_failure failure_kind(const connection& on, int code) noexcept;

}  // namespace posthorn::store::sqlite
