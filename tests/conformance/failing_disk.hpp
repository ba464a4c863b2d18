// A disk that fails on demand: a wrapper around SQLite's own file layer, made the default for the test's process.
#pragma once

#include <sqlite3.h>

#include <atomic>

namespace posthorn::conformance {

class failing_disk {
 public:
  // Installs itself at first use.
  static failing_disk& instance();

  std::atomic<bool> full{false};        // writes answer SQLITE_FULL
  std::atomic<bool> gone{false};        // no file can be opened
  std::atomic<bool> sync_fails{false};  // fsync answers SQLITE_IOERR_FSYNC: nobody knows what reached the disk
  // What is read and has this text in it answers SQLITE_IOERR_READ, as a bad sector does. A literal; null: none has.
  std::atomic<const char*> unreadable{nullptr};
  std::atomic<int> refusals{0};

 private:
  failing_disk();
  sqlite3_vfs wrapper_{};
};

}  // namespace posthorn::conformance
