#include "app/data_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "app/key_file.hpp"
#include "base/log.hpp"
#include "base/random.hpp"

namespace posthorn::app {
namespace {

using base::fault;
namespace fs = std::filesystem;

std::unexpected<base::error> failed(const std::string& doing) {
  return base::fail(fault::io_error, fmt::format("{}: {}", doing, std::strerror(errno)));
}

std::unexpected<base::error> writable_by_others(const fs::path& path) {
  return base::fail(
      fault::invalid_configuration,
      fmt::format("others can write {0}: chmod o-w {0}, and look at what they left there", path.string()));
}

// Whoever writes there can put a store or a key of their own in the place of ours.
base::result<void> check_writers(const std::string& path) {
  std::error_code unreadable;
  const auto may_write = [&](const fs::path& each, fs::perms who) {
    return (fs::status(each, unreadable).permissions() & who) != fs::perms::none;
  };
  if (may_write(path, fs::perms::others_write)) return writable_by_others(path);
  bool group_writes = may_write(path, fs::perms::group_write);
  for (fs::directory_iterator each(path, unreadable), end; !unreadable && each != end; each.increment(unreadable)) {
    std::error_code gone;
    if (!each->is_regular_file(gone)) continue;
    if (may_write(each->path(), fs::perms::others_write)) return writable_by_others(each->path());
    group_writes = group_writes || may_write(each->path(), fs::perms::group_write);
  }
  if (group_writes) {
    base::log_warn("data_directory_group_writable",
                   {{"path", path}, {"help", "its group can replace the store and the master key: chmod -R g-w it"}});
  }
  return {};
}

}  // namespace

base::result<data_directory> data_directory::open(std::string path) {
  std::error_code unmade;
  fs::create_directories(path, unmade);
  if (unmade)
    return base::fail(fault::io_error, fmt::format("cannot make the data directory {}: {}", path, unmade.message()));
  if (auto safe = check_writers(path); !safe) return std::unexpected(std::move(safe.error()));
  const std::string file = path + "/lock";
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return failed("cannot open " + file);
  if (::flock(lock, LOCK_EX | LOCK_NB) == 0) return data_directory(std::move(path), lock);
  ::close(lock);
  return base::fail(fault::store_locked, "another server uses the data directory " + path);
}

data_directory::~data_directory() {
  if (lock_ >= 0) ::close(lock_);
}

base::result<data_directory> data_directory::open_existing(std::string path) {
  if (!fs::exists(path + "/posthorn.db")) {
    return base::fail(fault::invalid_configuration, "there is no store in " + path + ": name its directory by --data");
  }
  return open(std::move(path));
}

base::result<std::string> data_directory::master_key(const std::string& given) const {
  if (!given.empty()) return decode_key(given, "POSTHORN_MASTER_KEY");
  auto key = read_key_file(key_path());
  if (key || key.error().code != fault::not_found) return key;
  if (fs::exists(path_ + "/posthorn.db")) {
    return base::fail(fault::wrong_master_key,
                      "the master key of this store is missing: put it back into " + key_path() +
                          ", or set POSTHORN_MASTER_KEY; without it the store's secrets are lost");
  }
  std::string made = base::random_bytes(master_key_bytes);
  if (auto written = write_key_file(key_path(), made); !written) return std::unexpected(std::move(written.error()));
  return made;
}

}  // namespace posthorn::app
