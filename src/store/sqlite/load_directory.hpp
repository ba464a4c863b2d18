// Reads the whole configuration into a new snapshot.
#pragma once

#include "store/directory.hpp"
#include "store/secret_box.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store::sqlite {

// `before` is the snapshot that this one replaces, null for the first: what has not changed is shared with it.
// wrong_master_key, store_corrupt: a secret does not open. Retiring keys whose overlap has ended at `now_wall` are left
// out; one that ends later stays in the snapshot, and whoever authenticates looks at its expires_at. `version` is left
// 0 for the caller to set.
base::result<directory> load_directory(connection& on, const secret_box& secrets, base::epoch_ms now_wall,
                                       const directory* before);

}  // namespace posthorn::store::sqlite
