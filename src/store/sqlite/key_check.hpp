// Whether a master key is the store's, by the check value that the first start has left in it.
#pragma once

#include "base/result.hpp"
#include "store/secret_box.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

// wrong_master_key if it is another one. Changes nothing, and reads a store of any version, also an empty file: so it
// is asked before the schema is changed, which would keep the program that the right key belongs to from starting.
[[nodiscard]] base::result<void> verify_master_key(connection& on, const secret_box& key);

// Where the store, which is migrated, has no check value yet.
[[nodiscard]] base::result<void> keep_key_check(connection& on, const secret_box& key);

}  // namespace posthorn::store::sqlite
