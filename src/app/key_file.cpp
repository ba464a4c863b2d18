#include "app/key_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/encoding.hpp"

namespace posthorn::app {
namespace {

using base::fault;

std::unexpected<base::error> failed(const std::string& doing) {
  return base::fail(fault::io_error, fmt::format("{}: {}", doing, std::strerror(errno)));
}

}  // namespace

base::result<std::string> decode_key(std::string_view text, std::string_view source) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  auto key = base::from_base64(text);
  if (key && key->size() == master_key_bytes) return *std::move(key);
  return base::fail(fault::invalid_configuration, fmt::format("{} must be 32 bytes in base64", source));
}

base::result<std::string> read_key_file(const std::string& path) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) {
    if (errno == ENOENT) return base::fail(fault::not_found, "there is no key file " + path);
    return failed("cannot read " + path);
  }
  if ((about.st_mode & 077) != 0) {
    return base::fail(fault::invalid_configuration, path + " may be read by others: chmod 600 it");
  }
  std::ifstream in(path);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in.good() && !in.eof()) return failed("cannot read " + path);
  return decode_key(text, path);
}

base::result<void> write_key_file(const std::string& path, std::string_view key) {
  const std::string text = base::to_base64(key) + "\n";
  const std::string unfinished = path + ".new";
  const int file = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return failed("cannot make " + unfinished);
  const bool written =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  ::close(file);
  if (!written) return failed("cannot write " + unfinished);
  return rename_key_file(unfinished, path);
}

base::result<void> rename_key_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return failed("cannot write " + to);
  const std::string directory = std::filesystem::absolute(to).parent_path().string();
  const int parent = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (parent < 0) return failed("cannot open " + directory);
  const bool durable = ::fsync(parent) == 0;
  ::close(parent);
  if (!durable) return failed("cannot make durable " + to);
  return {};
}

}  // namespace posthorn::app
