// A copy of a running store in one file (docs/backup.md).
#pragma once

#include <string>

#include "base/result.hpp"

namespace posthorn::store::sqlite {

// Copies posthorn.db of `data_directory` as of one moment to `target`, checks the copy and makes it durable; writers go
// on meanwhile, and the write-ahead log grows for that long. conflict: `target` exists. io_error, disk_full: the copy
// could not be written. store_corrupt: the copy did not pass its check; nothing is left at `target` then.
base::result<void> backup(const std::string& data_directory, const std::string& target);

}  // namespace posthorn::store::sqlite
