#include "conformance/failing_disk.hpp"

#include <new>
#include <string_view>

namespace posthorn::conformance {
namespace {

sqlite3_vfs* real_vfs = nullptr;

// SQLite's own file follows this one in the memory that SQLite gives for both.
struct wrapped_file {
  sqlite3_file base;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_file* real_of(sqlite3_file* file) { return reinterpret_cast<wrapped_file*>(file)->real(); }

int refuse(int code) {
  ++failing_disk::instance().refusals;
  return code;
}

int write(sqlite3_file* file, const void* data, int bytes, sqlite3_int64 at) {
  if (failing_disk::instance().full) return refuse(SQLITE_FULL);
  return real_of(file)->pMethods->xWrite(real_of(file), data, bytes, at);
}

int sync(sqlite3_file* file, int flags) {
  if (failing_disk::instance().sync_fails) return refuse(SQLITE_IOERR_FSYNC);
  return real_of(file)->pMethods->xSync(real_of(file), flags);
}

int close(sqlite3_file* file) { return real_of(file)->pMethods->xClose(real_of(file)); }
int read(sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
  const int code = real_of(f)->pMethods->xRead(real_of(f), to, n, at);
  const char* const bad = failing_disk::instance().unreadable;
  const std::string_view read(static_cast<const char*>(to), static_cast<std::size_t>(n));
  return code == SQLITE_OK && bad && read.find(bad) != read.npos ? refuse(SQLITE_IOERR_READ) : code;
}
int truncate(sqlite3_file* f, sqlite3_int64 size) { return real_of(f)->pMethods->xTruncate(real_of(f), size); }
int file_size(sqlite3_file* f, sqlite3_int64* size) { return real_of(f)->pMethods->xFileSize(real_of(f), size); }
int lock(sqlite3_file* f, int level) { return real_of(f)->pMethods->xLock(real_of(f), level); }
int unlock(sqlite3_file* f, int level) { return real_of(f)->pMethods->xUnlock(real_of(f), level); }
int check_lock(sqlite3_file* f, int* out) { return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out); }
int control(sqlite3_file* f, int op, void* arg) { return real_of(f)->pMethods->xFileControl(real_of(f), op, arg); }
int sector_size(sqlite3_file* f) { return real_of(f)->pMethods->xSectorSize(real_of(f)); }
int traits(sqlite3_file* f) { return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f)); }
int shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extend, out);
}
int shm_lock(sqlite3_file* f, int at, int n, int flags) {
  return real_of(f)->pMethods->xShmLock(real_of(f), at, n, flags);
}
void shm_barrier(sqlite3_file* f) { real_of(f)->pMethods->xShmBarrier(real_of(f)); }
int shm_unmap(sqlite3_file* f, int remove) { return real_of(f)->pMethods->xShmUnmap(real_of(f), remove); }

const sqlite3_io_methods methods{2,        close,       read,       write,   truncate,    sync,   file_size,
                                 lock,     unlock,      check_lock, control, sector_size, traits, shm_map,
                                 shm_lock, shm_barrier, shm_unmap,  nullptr, nullptr};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
  auto* wrapped = new (file) wrapped_file{};
  if (failing_disk::instance().gone) return refuse(SQLITE_CANTOPEN);
  const int code = real_vfs->xOpen(real_vfs, name, wrapped->real(), flags, out);
  wrapped->base.pMethods = wrapped->real()->pMethods ? &methods : nullptr;
  return code;
}

}  // namespace

failing_disk& failing_disk::instance() {
  static failing_disk disk;
  return disk;
}

failing_disk::failing_disk() {
  real_vfs = sqlite3_vfs_find(nullptr);
  wrapper_ = *real_vfs;
  wrapper_.zName = "failing_disk";
  wrapper_.szOsFile = static_cast<int>(sizeof(wrapped_file)) + real_vfs->szOsFile;
  wrapper_.xOpen = open;
  wrapper_.pNext = nullptr;
  sqlite3_vfs_register(&wrapper_, 1);
}

}  // namespace posthorn::conformance
