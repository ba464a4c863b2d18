// Changing the master key with the real program: all secrets come along, the old key opens nothing afterwards, and a
// kill at any moment costs nothing. A key that is wrong or lost ends the start.
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/encoding.hpp"
#include "integration/platform.hpp"

namespace posthorn::test {
namespace {

namespace fs = std::filesystem;

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void keep_key(const std::string& path, const std::string& text) {
  std::ofstream(path) << text << "\n";
  ::chmod(path.c_str(), 0600);
}

std::string key_of(char letter) { return base::to_base64(std::string(32, letter)); }

class changing_the_master_key : public platform {
 protected:
  explicit changing_the_master_key(server_options with = {}) : platform(std::move(with)) {
    make_endpoint(receiver.url(), R"(,"auth":{"authType":"bearer_token","token":"kept-token"})");
  }

  [[nodiscard]] std::string key_file() const { return server.data() + "/master.key"; }
  [[nodiscard]] finished_program rotate(std::vector<std::string> more = {}, std::vector<std::string> environment = {}) {
    std::vector<std::string> arguments = {"admin", "rotate-master-key", "--data", server.data()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_posthorn(std::move(arguments), std::move(environment));
  }
  [[nodiscard]] finished_program serve_with(std::vector<std::string> environment) const {
    return run_posthorn({"serve", "--data", server.data(), "--listen", "127.0.0.1:0"}, std::move(environment));
  }
  // One more delivery arrives, with the endpoint's token and a signature by the integration's key.
  void expect_delivery() {
    const std::size_t before = receiver.accepted();
    send_numbered("user-00001", static_cast<int>(before));
    ASSERT_TRUE(receiver.wait_for_accepted(before + 1));
    const received_request got = receiver.requests().back();
    EXPECT_EQ(got.header("Authorization"), "Bearer kept-token");
    EXPECT_TRUE(is_signed_with(got, {test_env.api_key})) << got.body;
  }
};

TEST_F(changing_the_master_key, keeps_every_secret_and_shuts_the_old_key_out) {
  expect_delivery();
  const std::string old_key = content_of(key_file());
  EXPECT_EQ(server.terminate(), 0);
  const finished_program done = rotate();
  EXPECT_EQ(done.status, 0) << done.err;
  const std::string new_key = content_of(key_file());
  EXPECT_NE(new_key, old_key);
  EXPECT_FALSE(fs::exists(key_file() + ".next"));

  const finished_program refused = serve_with({"POSTHORN_MASTER_KEY=" + old_key});
  EXPECT_EQ(refused.status, 3);
  EXPECT_TRUE(refused.err.contains("this master key is not the one")) << refused.err;

  server.start();
  expect_delivery();
  const auto newest = server.admin().get("/v1/audit?limit=1").json().at("data").at(0);
  EXPECT_EQ(newest.at("action"), "posthorn admin rotate-master-key");
  EXPECT_EQ(newest.at("actor").at("kind"), "operations");
  EXPECT_GE(newest.at("after").at("secrets").as_int64(), 3);
}

TEST_F(changing_the_master_key, takes_a_key_that_was_named) {
  EXPECT_EQ(server.terminate(), 0);
  const std::string file = server.data() + "/chosen";
  keep_key(file, key_of('n'));
  EXPECT_EQ(rotate({"--new-key-file", file}).status, 0);
  EXPECT_EQ(content_of(key_file()), key_of('n') + "\n");
  EXPECT_EQ(rotate({"--new-key-file", file}).status, 0) << "once more is no harm";
  EXPECT_EQ(rotate({}, {"POSTHORN_NEW_MASTER_KEY=" + key_of('o')}).status, 0);
  EXPECT_EQ(content_of(key_file()), key_of('o') + "\n");
  server.start();
  expect_delivery();
}

TEST_F(changing_the_master_key, is_refused_while_a_server_runs_and_with_keys_that_are_none) {
  const finished_program running = rotate();
  EXPECT_EQ(running.status, 3);
  EXPECT_TRUE(running.err.contains("another server uses the data directory")) << running.err;
  EXPECT_EQ(server.terminate(), 0);

  const std::string before = content_of(key_file());
  EXPECT_EQ(rotate({}, {"POSTHORN_NEW_MASTER_KEY=c2hvcnQ="}).status, 2);
  EXPECT_EQ(rotate({"--new-key-file", server.data() + "/absent"}).status, 2);
  EXPECT_EQ(rotate({"--data", server.data() + "/absent"}).status, 2);
  const finished_program wrong =
      rotate({}, {"POSTHORN_MASTER_KEY=" + key_of('w'), "POSTHORN_NEW_MASTER_KEY=" + key_of('n')});
  EXPECT_EQ(wrong.status, 3);
  EXPECT_TRUE(wrong.err.contains("master key")) << wrong.err;
  EXPECT_EQ(content_of(key_file()), before);
  server.start();
  expect_delivery();
}

TEST_F(changing_the_master_key, a_lost_key_ends_the_start_and_is_not_replaced) {
  EXPECT_EQ(server.terminate(), 0);
  fs::rename(key_file(), key_file() + ".away");
  const finished_program lost = serve_with({});
  EXPECT_EQ(lost.status, 3);
  EXPECT_TRUE(lost.err.contains("the master key of this store is missing")) << lost.err;
  EXPECT_FALSE(fs::exists(key_file()));
  fs::rename(key_file() + ".away", key_file());
  server.start();
  expect_delivery();
}

// Wherever it is killed, the store opens at the next start, and the change can be made again.
TEST_F(changing_the_master_key, survives_a_kill_at_any_moment) {
  constexpr int rounds = 12;
  for (int i = 0; i < 200; ++i) make_endpoint("https://example.com/" + std::to_string(i), R"(,"event_types":["none"])");
  expect_delivery();
  int changed = 0;
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE(round);
    EXPECT_EQ(server.terminate(), 0);
    const std::string before = content_of(key_file());
    {
      child_process rotating({posthorn_program(), "admin", "rotate-master-key", "--data", server.data()});
      // From the new key's being kept to its being the only one, some milliseconds pass: each round ends later in them.
      while (rotating.running() && !fs::exists(key_file() + ".next") && content_of(key_file()) == before) {
      }
      std::this_thread::sleep_for(std::chrono::microseconds(700 * round));
      (void)rotating.stop(SIGKILL);
    }
    server.start();
    expect_delivery();
    changed += content_of(key_file()) != before ? 1 : 0;
    EXPECT_EQ(server.terminate(), 0);
    EXPECT_EQ(rotate().status, 0);
    server.start();
    expect_delivery();
  }
  EXPECT_EQ(rotate().status, 3) << "the server runs";
  RecordProperty("changed_before_the_kill", changed);
}

class a_master_key_from_the_environment : public changing_the_master_key {
 protected:
  a_master_key_from_the_environment()
      : changing_the_master_key({.flags = {}, .environment = {"POSTHORN_MASTER_KEY=" + key_of('a')}, .data = {}}) {}
};

TEST_F(a_master_key_from_the_environment, needs_the_new_one_named) {
  EXPECT_EQ(server.terminate(), 0);
  const finished_program unnamed = rotate({}, {"POSTHORN_MASTER_KEY=" + key_of('a')});
  EXPECT_EQ(unnamed.status, 2);
  EXPECT_TRUE(unnamed.err.contains("--new-key-file")) << unnamed.err;
  const std::vector<std::string> both = {"POSTHORN_MASTER_KEY=" + key_of('a'),
                                         "POSTHORN_NEW_MASTER_KEY=" + key_of('b')};
  EXPECT_EQ(rotate({}, both).status, 0);
  EXPECT_EQ(rotate({}, both).status, 0) << "once more is no harm";
  EXPECT_FALSE(fs::exists(key_file()));
  EXPECT_EQ(serve_with({"POSTHORN_MASTER_KEY=" + key_of('a')}).status, 3);

  const server_process again(
      {.flags = {}, .environment = {"POSTHORN_MASTER_KEY=" + key_of('b')}, .data = server.data()});
  EXPECT_EQ(again.as(test_env.api_key).get("/v1/endpoints").status, 200);
}

}  // namespace
}  // namespace posthorn::test
