// A child process whose two output streams are read line by line; ended with SIGTERM, and reaped, when it goes.
#pragma once

#include <gtest/gtest.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <string>
#include <vector>

namespace posthorn::test {

class child_process {
 public:
  explicit child_process(std::vector<std::string> arguments) {
    int out[2];
    int err[2];
    if (pipe(out) != 0 || pipe(err) != 0) throw std::runtime_error("pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
    for (const int end : {out[0], out[1], err[0], err[1]}) posix_spawn_file_actions_addclose(&actions, end);
    std::vector<char*> argv;
    for (std::string& each : arguments) argv.push_back(each.data());
    argv.push_back(nullptr);
    const int failed = posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    close(err[1]);
    out_.fd = out[0];
    err_.fd = err[0];
    if (failed != 0) throw std::runtime_error("posix_spawn " + arguments[0]);
  }
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  ~child_process() {
    if (pid_ > 0) (void)stop(SIGTERM);
    close(out_.fd);
    close(err_.fd);
  }

  void signal(int number) const { kill(pid_, number); }
  // The exit status, or 128 + the signal that ended it.
  int stop(int number) {
    kill(pid_, number);
    return wait();
  }
  int wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  // The next line, without its end; nullopt at the end of the stream or after 30 s without one.
  std::optional<std::string> out_line() { return line(out_); }
  std::optional<std::string> err_line() { return line(err_); }

 private:
  struct stream {
    int fd = -1;
    std::string rest;
  };

  static std::optional<std::string> line(stream& from) {
    for (;;) {
      if (const std::size_t end = from.rest.find('\n'); end != std::string::npos) {
        std::string one = from.rest.substr(0, end);
        from.rest.erase(0, end + 1);
        return one;
      }
      pollfd ready = {from.fd, POLLIN, 0};
      char bytes[4096];
      if (poll(&ready, 1, 30'000) <= 0) return std::nullopt;
      const ssize_t count = read(from.fd, bytes, sizeof bytes);
      if (count <= 0) return std::nullopt;
      from.rest.append(bytes, static_cast<std::size_t>(count));
    }
  }

  pid_t pid_ = -1;
  stream out_;
  stream err_;
};

}  // namespace posthorn::test
