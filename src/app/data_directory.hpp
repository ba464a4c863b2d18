// The data directory: made where it is missing, locked against a second server, and home of the master key.
#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"

namespace posthorn::app {

// Holds the lock (flock on DIR/lock) while it lives; the kernel gives it back when the process dies, however it dies.
class data_directory {
 public:
  // store_locked: another server uses it. io_error: it cannot be made or written. invalid_configuration: others can
  // write it, or a file in it; where its group can, the log warns.
  [[nodiscard]] static base::result<data_directory> open(std::string path);
  // The same of a directory that has a store already; invalid_configuration: it has none.
  [[nodiscard]] static base::result<data_directory> open_existing(std::string path);
  data_directory(data_directory&& from) noexcept : path_(std::move(from.path_)), lock_(std::exchange(from.lock_, -1)) {}
  data_directory& operator=(data_directory&&) = delete;
  ~data_directory();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  [[nodiscard]] std::string key_path() const { return path_ + "/master.key"; }

  // `given` is POSTHORN_MASTER_KEY, base64 of 32 bytes; "" reads DIR/master.key, which is made, readable by its owner
  // only, where there is no store yet. invalid_configuration: not 32 bytes, or a file that others may read.
  // wrong_master_key: there is a store and no file.
  [[nodiscard]] base::result<std::string> master_key(const std::string& given) const;

 private:
  data_directory(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::string path_;
  int lock_;
};

}  // namespace posthorn::app
