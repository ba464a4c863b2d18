#include "support/server_process.hpp"

#include <stdlib.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace posthorn::test {
namespace {

constexpr std::string_view announcement = " serves the API on ";
constexpr std::string_view ops_announcement = "Health and metrics on http://127.0.0.1:";
constexpr std::string_view setup_link = "/console/setup#";
constexpr std::string_view address = "://127.0.0.1:";

std::string content_of(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

temp_directory::temp_directory() {
  std::string path = std::filesystem::temp_directory_path() / "posthorn-test-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("mkdtemp " + path);
  path_ = path;
}

temp_directory::~temp_directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

server_process::server_process(server_options with)
    : with_(std::move(with)), data_(with_.data.empty() ? directory_.path() + "/data" : with_.data) {
  with_.environment.push_back("POSTHORN_ADMIN_TOKEN=" + std::string(admin_token));
  start();
}

void server_process::spawn() {
  std::vector<std::string> arguments = {POSTHORN_PROGRAM,
                                        "serve",
                                        "--data",
                                        data_,
                                        "--listen",
                                        "127.0.0.1:" + std::to_string(port_),
                                        "--ops-listen",
                                        "127.0.0.1:0",
                                        "--threads",
                                        "2",
                                        "--allow-http-endpoints"};
  if (with_.allow_private_endpoints) arguments.emplace_back("--allow-private-endpoints");
  arguments.insert(arguments.end(), with_.flags.begin(), with_.flags.end());
  child_options with;
  with.environment = with_.environment;
  with.err_file = log_file_;
  process_ = std::make_unique<child_process>(std::move(arguments), std::move(with));
}

void server_process::start() {
  spawn();
  while (const auto line = process_->out_line()) {
    if (line->find(announcement) == std::string::npos) continue;
    port_ = static_cast<std::uint16_t>(std::stoi(line->substr(line->find(address) + address.size())));
    read_announcement();
    return;
  }
  const int status = process_->stop(SIGKILL);
  process_.reset();
  throw std::runtime_error("posthorn did not start: status " + std::to_string(status) + "\n" + log());
}

// What else it says stands before the line that every start prints last.
void server_process::read_announcement() {
  while (const auto line = process_->out_line()) {
    if (const auto at = line->find(setup_link); at != std::string::npos) {
      setup_token_ = line->substr(at + setup_link.size());
    }
    if (line->starts_with(ops_announcement)) {
      ops_port_ = static_cast<std::uint16_t>(std::stoi(line->substr(ops_announcement.size())));
    }
    if (line->starts_with("Data in ")) return;
  }
}

int server_process::stop(int signal) {
  const int status = process_->stop(signal);
  process_.reset();
  return status;
}

int server_process::terminate() { return stop(SIGTERM); }

void server_process::kill() { (void)stop(SIGKILL); }

void server_process::start_and_kill(std::chrono::milliseconds after) {
  spawn();
  std::this_thread::sleep_for(after);
  kill();
}

void server_process::restart() {
  if (const int status = terminate(); status != 0) {
    throw std::runtime_error("posthorn ended with " + std::to_string(status) + "\n" + log());
  }
  start();
}

bool server_process::wait_for_log(std::string_view text) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (log().find(text) == std::string::npos) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

std::string server_process::log() const { return content_of(log_file_); }

std::string posthorn_program() { return POSTHORN_PROGRAM; }

finished_program run_posthorn(std::vector<std::string> arguments, std::vector<std::string> environment) {
  const temp_directory directory;
  arguments.insert(arguments.begin(), POSTHORN_PROGRAM);
  child_options with;
  with.environment = std::move(environment);
  with.err_file = directory.path() + "/err";
  child_process process(std::move(arguments), std::move(with));
  finished_program done;
  while (const auto line = process.out_line()) done.out += *line + "\n";
  done.status = process.wait();
  done.err = content_of(directory.path() + "/err");
  return done;
}

}  // namespace posthorn::test
