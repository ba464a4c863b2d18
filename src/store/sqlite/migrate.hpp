// Brings posthorn.db to this program's schema version (PRAGMA user_version), each script in a transaction of its own.
#pragma once

#include "base/result.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

// store_newer if the file was written by a newer program; store_corrupt if it is no store of ours.
base::result<void> migrate(connection& on);

}  // namespace posthorn::store::sqlite
