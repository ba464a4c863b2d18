// The machine-admin token over its life: shown until a start has succeeded, at least so long, and made anew.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <memory>

#include "integration/platform.hpp"

namespace posthorn::test {
namespace {

using texts = std::vector<std::string>;

// A port of 127.0.0.1 that somebody else has.
class taken_port {
 public:
  taken_port() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* const plain = reinterpret_cast<sockaddr*>(&at);
    EXPECT_EQ(::bind(fd_, plain, size) | ::listen(fd_, 1) | ::getsockname(fd_, plain, &size), 0);
    port_ = ntohs(at.sin_port);
  }
  taken_port(const taken_port&) = delete;
  taken_port& operator=(const taken_port&) = delete;
  ~taken_port() { ::close(fd_); }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

// A start without a token of the caller's choosing, and what it announces.
struct announced_server {
  announced_server(const std::string& data, const std::string& log, texts more = {}, texts environment = {}) {
    texts arguments = {posthorn_program(), "serve", "--data", data, "--listen", "127.0.0.1:0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    process = std::make_unique<child_process>(std::move(arguments),
                                              child_options{.environment = std::move(environment), .err_file = log});
    while (const auto line = process->out_line()) {
      note(*line, " serves the API on http://127.0.0.1:", "api");
      note(*line, "Health and metrics on http://127.0.0.1:", "ops");
      note(*line, "Machine-admin token, shown this once: ", "token");
      if (line->starts_with("Data in ")) break;
    }
  }
  [[nodiscard]] api_caller as(const std::string& token) const {
    return {static_cast<std::uint16_t>(std::stoi(said.at("api"))), token};
  }
  [[nodiscard]] api_caller operators() const { return {static_cast<std::uint16_t>(std::stoi(said.at("ops"))), ""}; }
  [[nodiscard]] bool is_admin(const std::string& token) const { return as(token).get("/v1/companies").status == 200; }
  int stop() const { return process->stop(SIGTERM); }

  std::unique_ptr<child_process> process;
  std::map<std::string, std::string> said;

 private:
  void note(const std::string& line, std::string_view mark, const std::string& name) {
    if (const auto at = line.find(mark); at != std::string::npos) said[name] = line.substr(at + mark.size());
  }
};

class token_of_the_admin : public testing::Test {
 protected:
  [[nodiscard]] finished_program serve(texts more, texts environment = {}) const {
    texts arguments = {"serve", "--data", data};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_posthorn(std::move(arguments), std::move(environment));
  }
  [[nodiscard]] std::string log_text() const {
    std::ifstream file(log);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  // Puts a token into the stopped server's store that no start of this release would take.
  void store_token(const std::string& token) const {
    child_process sql({"/usr/bin/sqlite3", data + "/posthorn.db",
                       "UPDATE meta SET value=x'" + hex_digest(token) + "' WHERE key='admin_token_digest'"},
                      {.environment = {}, .err_file = log});
    ASSERT_EQ(sql.wait(), 0) << log_text();
  }
  static std::string hex_digest(const std::string& text) {
    child_process sum({"/bin/sh", "-c", "printf %s \"$1\" | sha256sum", "sh", text}, {});
    return sum.out_line().value_or("").substr(0, 64);
  }

  temp_directory directory;
  std::string data = directory.path() + "/data";
  std::string log = directory.path() + "/log";
};

TEST_F(token_of_the_admin, is_shown_until_a_start_has_succeeded) {
  const taken_port taken;
  for (const texts& fails : {texts{"--listen", taken.address(), "--ops-listen", "none"},
                             texts{"--listen", "127.0.0.1:0", "--ops-listen", taken.address()}}) {
    const finished_program failed = serve(fails);
    EXPECT_EQ(failed.status, 1) << failed.err;
    EXPECT_EQ(failed.out.find("token"), std::string::npos) << failed.out;
  }
  // Standard output that takes nothing: the server runs, without an admin.
  child_process deaf(
      {"/bin/sh", "-c", "exec \"$1\" serve --data \"$2\" --listen 127.0.0.1:0 --ops-listen none >/dev/full", "sh",
       posthorn_program(), data},
      {.environment = {}, .err_file = log});
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (log_text().find("\"started\"") == std::string::npos && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_NE(log_text().find("admin_token_not_shown"), std::string::npos) << log_text();
  EXPECT_EQ(deaf.stop(SIGTERM), 0);

  const announced_server first(data, log, {"--ops-listen", "none"});
  ASSERT_TRUE(first.said.contains("token"));
  const std::string token = first.said.at("token");
  EXPECT_TRUE(first.is_admin(token));
  EXPECT_FALSE(first.is_admin("ph_admin_" + std::string(40, 'x')));
  EXPECT_EQ(first.stop(), 0);
  const announced_server second(data, log, {"--ops-listen", "none"});
  EXPECT_FALSE(second.said.contains("token"));
  EXPECT_TRUE(second.is_admin(token));
}

TEST_F(token_of_the_admin, has_32_characters_where_somebody_chooses_it) {
  const std::string shorter(31, 's'), good(32, 'g');
  const finished_program refused =
      serve({"--listen", "127.0.0.1:0", "--ops-listen", "none"}, {"POSTHORN_ADMIN_TOKEN=" + shorter});
  EXPECT_EQ(refused.status, 2) << refused.out;
  EXPECT_NE(refused.err.find("POSTHORN_ADMIN_TOKEN must have 32 characters or more"), std::string::npos) << refused.err;
  {
    const announced_server chosen(data, log, {"--ops-listen", "none"}, {"POSTHORN_ADMIN_TOKEN=" + good});
    EXPECT_FALSE(chosen.said.contains("token"));
    EXPECT_TRUE(chosen.is_admin(good));
    EXPECT_EQ(chosen.stop(), 0);
  }
  EXPECT_EQ(log_text().find("admin_token_short"), std::string::npos);
  // A store of an earlier release.
  store_token(shorter);
  for (const texts& environment : {texts{"POSTHORN_ADMIN_TOKEN=" + shorter}, texts{}}) {
    ::unlink(log.c_str());
    const announced_server before(data, log, {"--ops-listen", "none"}, environment);
    EXPECT_TRUE(before.is_admin(shorter));
    EXPECT_FALSE(before.is_admin(good));
    EXPECT_NE(log_text().find("admin_token_short"), std::string::npos) << log_text();
    EXPECT_EQ(before.stop(), 0);
  }
}

TEST_F(token_of_the_admin, is_made_anew_on_a_stopped_server) {
  const announced_server first(data, log, {"--ops-listen", "none"});
  const std::string lost = first.said.at("token");
  const finished_program early = run_posthorn({"admin", "reset-token", "--data", data});
  EXPECT_EQ(early.status, 3) << early.out;
  EXPECT_TRUE(first.is_admin(lost));
  EXPECT_EQ(first.stop(), 0);

  const finished_program done = run_posthorn({"admin", "reset-token", "--data", data});
  ASSERT_EQ(done.status, 0) << done.err;
  const std::string fresh = done.out.substr(0, done.out.find('\n'));
  const announced_server again(data, log, {"--ops-listen", "none"});
  EXPECT_FALSE(again.said.contains("token"));
  EXPECT_FALSE(again.is_admin(lost));
  ASSERT_TRUE(again.is_admin(fresh));
  const std::string changes = again.as(fresh).get("/v1/audit").body;
  EXPECT_NE(changes.find("posthorn admin reset-token"), std::string::npos) << changes;
  EXPECT_EQ(changes.find(fresh), std::string::npos);
  EXPECT_EQ(run_posthorn({"admin", "reset-token", "--data", directory.path() + "/nothing"}).status, 2);
}

TEST_F(token_of_the_admin, servers_of_one_machine_share_no_metrics) {
  const announced_server first(data, log), second(data + "2", log);
  ASSERT_NE(first.said.at("ops"), second.said.at("ops"));
  for (const announced_server* each : {&first, &second}) {
    EXPECT_EQ(each->operators().get("/metrics").status, 200);
    EXPECT_EQ(each->as("").get("/metrics").status, 404);
    EXPECT_EQ(each->as("").get("/readyz").status, 200);
  }
  EXPECT_NE(log_text().find("ops_listener_moved"), std::string::npos) << log_text();
}

}  // namespace
}  // namespace posthorn::test
