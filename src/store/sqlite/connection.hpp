// Thin RAII over sqlite3: the only place that touches its handles. Not thread-safe: one connection, one thread.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace posthorn::store::sqlite {

// How long a statement of the one writer waits for a lock.
inline constexpr int busy_timeout_ms = 5'000;

// How an SQLite result code is to be met.
enum class sql_failure : std::uint8_t {
  none,
  transient,  // locked or busy: the same call may pass later
  full,       // no room on the disk: resumes when there is
  io,         // the outcome is unknown: reopen and recover before writing again
  corrupt,    // the file is damaged: stop
  bug         // wrong SQL or a broken constraint
};
[[nodiscard]] sql_failure classify(int code) noexcept;

class statement;

// Between BEGIN and COMMIT, while this lives: should SQLite roll back by itself, nothing that follows is committed on
// its own.
class commits_held {
 public:
  explicit commits_held(const class connection& on) noexcept;
  commits_held(const commits_held&) = delete;
  commits_held& operator=(const commits_held&) = delete;
  ~commits_held();

 private:
  sqlite3* const on_;
};

class connection {
 public:
  enum class mode : std::uint8_t { read_write, read_only };

  connection() = default;
  // Opens or makes the file, sets the pragmas that every connection shares. store_corrupt if it is no database.
  static base::result<connection> open(const std::string& path, mode how);

  // Runs statements without parameters or rows. Returns the extended result code.
  int exec(const char* sql) noexcept;
  [[nodiscard]] std::string message() const;
  // False outside of BEGIN … COMMIT, also where SQLite has rolled back by itself: it does where a statement, be it one
  // that reads, fails for the disk.
  [[nodiscard]] bool in_transaction() const noexcept { return sqlite3_get_autocommit(handle_.get()) == 0; }
  // What the last call failed with; SQLITE_IOERR where it did not say.
  [[nodiscard]] int last_failure() const noexcept;
  [[nodiscard]] sqlite3* handle() const noexcept { return handle_.get(); }
  [[nodiscard]] explicit operator bool() const noexcept { return handle_ != nullptr; }

  // An error value for the code just returned, naming what was being done.
  [[nodiscard]] std::unexpected<base::error> failed(std::string_view doing, int code) const;

 private:
  struct closer {
    void operator()(sqlite3* handle) const noexcept { sqlite3_close_v2(handle); }
  };
  std::unique_ptr<sqlite3, closer> handle_;
};

// A prepared statement. Bind by position from 1, step, read columns from 0; `run` for statements without rows.
// Text and blobs are bound without a copy: they must live until reset() or run() returns.
class statement {
 public:
  statement() = default;
  // Asserts that the SQL compiles: statements are the program's own.
  statement(const connection& on, std::string_view sql);

  statement& bind(int index, std::int64_t value) noexcept;
  statement& bind_text(int index, std::string_view value) noexcept;
  statement& bind_blob(int index, std::string_view value) noexcept;
  statement& bind_null(int index) noexcept;

  // SQLITE_ROW, SQLITE_DONE or an extended error code.
  int step() noexcept { return sqlite3_step(handle_.get()); }
  void reset() noexcept { sqlite3_reset(handle_.get()); }
  // step + reset; SQLITE_DONE becomes SQLITE_OK.
  int run() noexcept;

  [[nodiscard]] std::int64_t integer(int column) const noexcept { return sqlite3_column_int64(handle_.get(), column); }
  [[nodiscard]] bool is_null(int column) const noexcept {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
  }
  // Valid until the next step or reset.
  [[nodiscard]] std::string_view text(int column) const noexcept;

 private:
  struct finalizer {
    void operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, finalizer> handle_;
};

// Resets a statement when the scope that reads its rows ends.
class reading {
 public:
  explicit reading(statement& of) noexcept : of_(of) {}
  reading(const reading&) = delete;
  reading& operator=(const reading&) = delete;
  ~reading() { of_.reset(); }

 private:
  statement& of_;
};

}  // namespace posthorn::store::sqlite
