#include "store/sqlite/connection.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>

#include "base/log.hpp"
#include "base/log_queue.hpp"
#include "store/sqlite/failure_kind.hpp"

namespace posthorn::store::sqlite {

namespace {

constexpr int lookaside_bytes = 128;
constexpr int lookaside_blocks = 100;

constexpr int read_busy_timeout_ms = 1'000;

}  // namespace

sql_failure classify(int code) noexcept {
  switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE: return sql_failure::none;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return sql_failure::transient;
    case SQLITE_FULL: return sql_failure::full;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
    case SQLITE_READONLY:
    case SQLITE_PERM: return sql_failure::io;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return sql_failure::corrupt;
    default: return sql_failure::bug;
  }
}

base::result<connection> connection::open(const std::string& path, mode how) {
  // Counting every allocation takes a lock that all connections share.
  [[maybe_unused]] static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  connection made;
  sqlite3* raw = nullptr;
  const int flags = how == mode::read_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  int code = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  made.handle_.reset(raw);
  if (code != SQLITE_OK) return made.failed("opening " + path, code);
  sqlite3_extended_result_codes(raw, 1);
  // SQLite's own small blocks, made and touched at once for each connection: fewer and smaller than its 87 KB.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_LOOKASIDE, nullptr, lookaside_bytes, lookaside_blocks);
  // secure_delete (which Debian turns on) is for those who may delete personal data: secure_deletes.hpp. mmap would
  // count as memory of the process, so it stays off.
  const char* pragmas = how == mode::read_write
                            ? "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=OFF;"
                              "PRAGMA foreign_keys=OFF; PRAGMA cache_size=-8192;"
                              "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA wal_autocheckpoint=4000;"
                            : "PRAGMA cache_size=-2048; PRAGMA mmap_size=0; PRAGMA query_only=ON;";
  sqlite3_busy_timeout(raw, how == mode::read_write ? busy_timeout_ms : read_busy_timeout_ms);
  code = made.exec(pragmas);
  if (code != SQLITE_OK) return made.failed("opening " + path, code);
  return made;
}

int connection::exec(const char* sql) noexcept {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? code : sqlite3_extended_errcode(handle_.get());
}

std::string connection::message() const { return handle_ ? sqlite3_errmsg(handle_.get()) : "no connection"; }

int connection::last_failure() const noexcept {
  const int code = sqlite3_extended_errcode(handle_.get());
  const sql_failure kind = classify(code);
  return kind == sql_failure::none || kind == sql_failure::bug ? SQLITE_IOERR : code;
}

sql_failure failure_kind(const connection& on, int code) noexcept {
  const sql_failure kind = classify(code);
  if (kind != sql_failure::io || !on) return kind;
  const auto is_full = [](int why) { return why == EFBIG || why == EDQUOT || why == ENOSPC; };
  if (is_full(sqlite3_system_errno(on.handle()))) return sql_failure::full;
  // What SQLite itself keeps is often the reason of a later call; each file keeps that of its own last failure.
  for (const int which : {SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER}) {
    sqlite3_file* file = nullptr;
    int why = 0;
    sqlite3_file_control(on.handle(), "main", which, static_cast<void*>(&file));
    if (file == nullptr || file->pMethods == nullptr) continue;
    file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &why);
    if (is_full(why)) return sql_failure::full;
  }
  return kind;
}

std::unexpected<base::error> connection::failed(std::string_view doing, int code) const {
  const base::fault what = [&] {
    switch (failure_kind(*this, code)) {
      case sql_failure::full: return base::fault::disk_full;
      case sql_failure::corrupt: return base::fault::store_corrupt;
      case sql_failure::bug: return base::fault::internal;
      default: return base::fault::store_unavailable;
    }
  }();
  return base::fail(what, fmt::format("{}: {} ({})", doing, message(), code));
}

commits_held::commits_held(const connection& on) noexcept : on_(on.handle()) {
  sqlite3_commit_hook(on_, [](void*) { return 1; }, nullptr);
}

commits_held::~commits_held() { sqlite3_commit_hook(on_, nullptr, nullptr); }

statement::statement(const connection& on, std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(on.handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &raw, nullptr);
  handle_.reset(raw);
  if (code != SQLITE_OK) {
    base::log_error("sql_does_not_compile", {{"sql", sql}, {"message", on.message()}});
    base::flush_log();
    std::abort();
  }
}

statement& statement::bind(int index, std::int64_t value) noexcept {
  sqlite3_bind_int64(handle_.get(), index, value);
  return *this;
}

statement& statement::bind_text(int index, std::string_view value) noexcept {
  // An empty view may have a null pointer, which SQLite would take for NULL.
  sqlite3_bind_text64(handle_.get(), index, value.data() ? value.data() : "", value.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

statement& statement::bind_blob(int index, std::string_view value) noexcept {
  sqlite3_bind_blob64(handle_.get(), index, value.data() ? value.data() : "", value.size(), SQLITE_STATIC);
  return *this;
}

statement& statement::bind_null(int index) noexcept {
  sqlite3_bind_null(handle_.get(), index);
  return *this;
}

int statement::run() noexcept {
  const int code = step();
  reset();
  return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : code;
}

std::string_view statement::text(int column) const noexcept {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
  return data ? std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column)))
              : std::string_view();
}

}  // namespace posthorn::store::sqlite
