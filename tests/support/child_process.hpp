// A child process whose output is read line by line; ended with SIGTERM, and reaped, when it goes.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace posthorn::test {

struct child_options {
  std::vector<std::string> environment;  // "NAME=value", beside this process's own
  // Where standard error is appended to; "": read it with err_line(), or the child blocks once the pipe is full.
  std::string err_file;
};

// Not thread-safe. The constructor throws std::runtime_error where the program cannot be started.
class child_process {
 public:
  explicit child_process(std::vector<std::string> arguments, child_options with = {});
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  ~child_process();

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  void signal(int number) const;
  // The exit status, or 128 + the signal that ended it.
  int stop(int number);
  int wait();
  // False once it has ended; does not reap it.
  [[nodiscard]] bool running() const;

  // The next line, without its end; nullopt at the end of the stream or after `timeout_ms` without one.
  std::optional<std::string> out_line(int timeout_ms = line_timeout_ms) { return line(out_, timeout_ms); }
  std::optional<std::string> err_line(int timeout_ms = line_timeout_ms) { return line(err_, timeout_ms); }

 private:
  static constexpr int line_timeout_ms = 30'000;

  struct stream {
    int fd = -1;
    std::string rest;
  };

  static std::optional<std::string> line(stream& from, int timeout_ms);

  pid_t pid_ = -1;
  stream out_;
  stream err_;
};

}  // namespace posthorn::test
