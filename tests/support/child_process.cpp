#include "support/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace posthorn::test {
namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& each : texts) out.push_back(each.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

child_process::child_process(std::vector<std::string> arguments, child_options with) {
  // Close-on-exec, so that children started at the same time by other threads do not hold the ends open.
  int out[2];
  int err[2] = {-1, -1};
  if (pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  if (with.err_file.empty() && pipe2(err, O_CLOEXEC) != 0) throw std::runtime_error("pipe");

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  if (with.err_file.empty()) {
    posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, with.err_file.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
  }
  for (char** each = environ; *each != nullptr; ++each) with.environment.emplace_back(*each);
  const std::vector<char*> argv = pointers(arguments);
  const std::vector<char*> envp = pointers(with.environment);
  const int failed = posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  close(out[1]);
  if (err[1] >= 0) close(err[1]);
  out_.fd = out[0];
  err_.fd = err[0];
  if (failed != 0) {
    close(out_.fd);
    if (err_.fd >= 0) close(err_.fd);
    throw std::runtime_error("posix_spawn " + arguments[0]);
  }
}

child_process::~child_process() {
  if (pid_ > 0) (void)stop(SIGTERM);
  close(out_.fd);
  if (err_.fd >= 0) close(err_.fd);
}

void child_process::signal(int number) const {
  if (pid_ > 0) kill(pid_, number);
}

int child_process::stop(int number) {
  signal(number);
  return wait();
}

int child_process::wait() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool child_process::running() const {
  if (pid_ <= 0) return false;
  siginfo_t about{};
  return waitid(P_PID, static_cast<id_t>(pid_), &about, WEXITED | WNOHANG | WNOWAIT) == 0 && about.si_pid == 0;
}

std::optional<std::string> child_process::line(stream& from, int timeout_ms) {
  for (;;) {
    if (const std::size_t end = from.rest.find('\n'); end != std::string::npos) {
      std::string one = from.rest.substr(0, end);
      from.rest.erase(0, end + 1);
      return one;
    }
    pollfd ready = {from.fd, POLLIN, 0};
    char bytes[4096];
    if (poll(&ready, 1, timeout_ms) <= 0) return std::nullopt;
    const ssize_t count = read(from.fd, bytes, sizeof bytes);
    if (count <= 0) return std::nullopt;
    from.rest.append(bytes, static_cast<std::size_t>(count));
  }
}

}  // namespace posthorn::test
