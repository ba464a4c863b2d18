#include "store/sqlite/backup.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "store/sqlite/sql_result.hpp"

namespace posthorn::store::sqlite {
namespace {

std::unexpected<base::error> os_failure(std::string_view doing, const std::string& path) {
  const base::fault what = errno == ENOSPC ? base::fault::disk_full : base::fault::io_error;
  return base::fail(what, fmt::format("{} {}: {}", doing, path, std::strerror(errno)));
}

base::result<void> make_durable(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return os_failure("opening", path);
  const bool synced = ::fsync(file) == 0;
  const auto failure = synced ? std::unexpected(base::error{}) : os_failure("making durable", path);
  ::close(file);
  if (!synced) return failure;
  return {};
}

// Payloads are in the copy: it is its owner's alone, whatever the umask.
base::result<void> make_private(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return os_failure("creating", path);
  ::close(file);
  return {};
}

base::result<void> copy_pages(connection& from, connection& to) {
  sqlite3_backup* copying = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (copying == nullptr) return to.failed("beginning the backup", sqlite3_extended_errcode(to.handle()));
  sqlite3_backup_step(copying, -1);
  const int code = sqlite3_backup_finish(copying);
  if (code != SQLITE_OK) return to.failed("copying the store", code);
  return {};
}

base::result<void> check(connection& copy) {
  statement query(copy, "PRAGMA quick_check(1)");
  const auto found = next_row(copy, query, "checking the backup");
  if (!found) return std::unexpected(found.error());
  if (query.text(0) == "ok") return {};
  return base::fail(base::fault::store_corrupt, "the backup did not pass its check: " + std::string(query.text(0)));
}

base::result<void> copy_into(const std::string& data_directory, const std::string& partial) {
  auto from = connection::open(data_directory + "/posthorn.db", connection::mode::read_only);
  if (!from) return std::unexpected(std::move(from.error()));
  auto to = connection::open(partial, connection::mode::read_write);
  if (!to) return std::unexpected(std::move(to.error()));
  if (auto done = copy_pages(*from, *to); !done) return done;
  // The copy took over the store's journal mode; a single file needs none beside it.
  if (const int code = to->exec("PRAGMA journal_mode=DELETE"); code != SQLITE_OK) {
    return to->failed("finishing the backup", code);
  }
  return check(*to);
}

}  // namespace

base::result<void> backup(const std::string& data_directory, const std::string& target) {
  namespace fs = std::filesystem;
  if (fs::exists(target)) return base::fail(base::fault::conflict, target + " exists: choose a new name");
  const std::string partial = target + ".partial";
  std::error_code ignored;  // what is left of an earlier try; a file that stays makes the copy fail
  fs::remove(partial, ignored);
  if (auto made = make_private(partial); !made) return made;
  auto done = copy_into(data_directory, partial);
  if (done) done = make_durable(partial);
  if (done && ::rename(partial.c_str(), target.c_str()) != 0) done = os_failure("naming the backup", target);
  fs::remove(partial, ignored);
  if (!done) return done;
  const std::string directory = fs::absolute(target).parent_path().string();
  return make_durable(directory);
}

}  // namespace posthorn::store::sqlite
