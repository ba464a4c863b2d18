// `posthorn serve` as a child process on a temporary data directory, which goes with it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "support/child_process.hpp"
#include "support/http_call.hpp"

namespace posthorn::test {

inline constexpr std::string_view admin_token = "ph_admin_for_tests_0123456789abcdef";

// A directory below the system's temporary one, removed with all it holds.
class temp_directory {
 public:
  temp_directory();
  temp_directory(const temp_directory&) = delete;
  temp_directory& operator=(const temp_directory&) = delete;
  ~temp_directory();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

struct server_options {
  std::vector<std::string> flags = {};        // beside those that every test needs
  std::vector<std::string> environment = {};  // "NAME=value"
  bool allow_private_endpoints = true;        // on 127.0.0.1 there are no others
  std::string data = {};                      // an existing data directory; "": a fresh one
};

// Listens on free ports of 127.0.0.1; the API's is kept over restarts. Not thread-safe.
class server_process {
 public:
  // Starts it; throws std::runtime_error, with what it wrote, where it does not come up.
  explicit server_process(server_options with = {});

  void start();
  int stop(int signal);  // its exit status, or 128 + the signal that ended it
  int terminate();       // SIGTERM
  void kill();           // SIGKILL
  // Starts it and kills it that much later, wherever its start has got to by then.
  void start_and_kill(std::chrono::milliseconds after);
  void restart();  // terminate() and start()

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] int pid() const noexcept { return process_->pid(); }
  [[nodiscard]] const std::string& data() const noexcept { return data_; }
  // Of the first admin's link, which the first start prints; "" before that.
  [[nodiscard]] const std::string& setup_token() const noexcept { return setup_token_; }
  [[nodiscard]] api_caller admin() const { return {port_, std::string(admin_token)}; }
  // Without credentials, at the operator's listener: health and metrics.
  [[nodiscard]] api_caller operators() const { return {ops_port_, ""}; }
  [[nodiscard]] std::uint16_t ops_port() const noexcept { return ops_port_; }
  [[nodiscard]] api_caller as(std::string api_key) const { return {port_, std::move(api_key)}; }
  // What it has written to standard error since the first start.
  [[nodiscard]] std::string log() const;
  // Until the log has `text`, at most 30 s.
  [[nodiscard]] bool wait_for_log(std::string_view text) const;
  void signal(int number) const { process_->signal(number); }

 private:
  void spawn();
  void read_announcement();

  temp_directory directory_;
  server_options with_;
  std::string data_;
  std::string log_file_ = directory_.path() + "/server.log";
  std::uint16_t port_ = 0, ops_port_ = 0;
  std::string setup_token_;
  std::unique_ptr<child_process> process_;
};

// The path of the program under test.
[[nodiscard]] std::string posthorn_program();

// Runs `posthorn ARGUMENTS…` to its end.
struct finished_program {
  int status = 0;
  std::string out;
  std::string err;
};
[[nodiscard]] finished_program run_posthorn(std::vector<std::string> arguments,
                                            std::vector<std::string> environment = {});

}  // namespace posthorn::test
