#include "app/data_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/encoding.hpp"
#include "base/random.hpp"

namespace posthorn::app {
namespace {

using base::fault;
namespace fs = std::filesystem;

std::unexpected<base::error> failed(const std::string& doing) {
  return base::fail(fault::io_error, fmt::format("{}: {}", doing, std::strerror(errno)));
}

base::result<std::string> decode(std::string_view text, std::string_view source) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  auto key = base::from_base64(text);
  if (key && key->size() == master_key_bytes) return *std::move(key);
  return base::fail(fault::invalid_configuration, fmt::format("{} must be 32 bytes in base64", source));
}

// Written to a new file, flushed and renamed, so that a crash leaves no half key.
base::result<std::string> make_key(const std::string& path) {
  std::string key = base::random_bytes(master_key_bytes);
  const std::string text = base::to_base64(key) + "\n";
  const std::string unfinished = path + ".new";
  const int file = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return failed("cannot make " + unfinished);
  const bool written =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  ::close(file);
  if (!written || ::rename(unfinished.c_str(), path.c_str()) != 0) return failed("cannot write " + path);
  const int directory = ::open(fs::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory >= 0) {
    ::fsync(directory);
    ::close(directory);
  }
  return key;
}

}  // namespace

base::result<data_directory> data_directory::open(std::string path) {
  std::error_code unmade;
  fs::create_directories(path, unmade);
  if (unmade)
    return base::fail(fault::io_error, fmt::format("cannot make the data directory {}: {}", path, unmade.message()));
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

base::result<std::string> data_directory::master_key(const std::string& given) const {
  if (!given.empty()) return decode(given, "POSTHORN_MASTER_KEY");
  const std::string path = path_ + "/master.key";
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) {
    if (errno == ENOENT) return make_key(path);
    return failed("cannot read " + path);
  }
  if ((about.st_mode & 077) != 0) {
    return base::fail(fault::invalid_configuration, path + " may be read by others: chmod 600 it");
  }
  std::ifstream in(path);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in.good() && !in.eof()) return failed("cannot read " + path);
  return decode(text, path);
}

}  // namespace posthorn::app
