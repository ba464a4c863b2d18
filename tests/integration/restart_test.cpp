// Stopping, starting again, and what may not start at all.
#include <filesystem>

#include "base/encoding.hpp"
#include "integration/platform.hpp"

namespace posthorn::test {
namespace {

namespace fs = std::filesystem;

class restarting : public platform {};

TEST_F(restarting, terminating_exits_0_and_loses_nothing) {
  make_endpoint(receiver.url(), R"(,"order":"none")");
  std::vector<std::string> ids;
  for (int i = 0; i < 300; ++i) ids.push_back(send_numbered("user-" + std::to_string(10000 + i), i).id);
  EXPECT_EQ(server.terminate(), 0);
  server.start();
  ASSERT_TRUE(receiver.wait_for_accepted(ids.size()));
  std::map<std::string, int> arrived;
  for (const received_request& one : receiver.requests()) ++arrived[one.id()];
  for (const std::string& id : ids) EXPECT_EQ(arrived[id], 1) << "an orderly stop records what it has sent";
}

TEST_F(restarting, pending_retries_survive_with_their_attempts) {
  make_endpoint(receiver.url(), R"(,"retry":{"schedule_s":[0,2]})");
  receiver.answer_with([](const received_request&, int tries) { return reply{.status = tries == 1 ? 503 : 200}; });
  const accepted event = send_numbered("user-00001", 1);
  read_until_state(event.deliveries[0], "retrying");
  server.restart();
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  const auto seen = read_until_state(event.deliveries[0], "delivered");
  EXPECT_EQ(seen.at("attempts").as_array().size(), 2u);
  EXPECT_EQ(receiver.requests().back().id(), event.id);
}

TEST_F(restarting, a_kill_loses_nothing_that_was_accepted) {
  const std::string endpoint = make_endpoint(receiver.url());
  EXPECT_EQ(api().post("/v1/endpoints/" + endpoint + "/pause").status, 200);
  std::vector<std::string> ids;
  for (int i = 0; i < 50; ++i) ids.push_back(send_numbered("user-00001", i).id);
  server.kill();
  server.start();
  EXPECT_EQ(api().post("/v1/endpoints/" + endpoint + "/enable").status, 200);
  ASSERT_TRUE(receiver.wait_for_accepted(ids.size()));
  const auto got = receiver.requests();
  for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(got[i].id(), ids[i]);
}

TEST_F(restarting, settings_and_keys_are_there_again) {
  const std::string endpoint = make_endpoint(receiver.url(), R"(,"description":"first","timeout_ms":2500)");
  server.restart();
  const auto again = read("/v1/endpoints/" + endpoint);
  EXPECT_EQ(again.at("description").as_string(), "first");
  EXPECT_EQ(again.at("timeout_ms").as_int64(), 2500);
}

TEST_F(restarting, a_second_server_on_the_same_directory_is_refused) {
  const finished_program second = run_posthorn({"serve", "--data", server.data(), "--listen", "127.0.0.1:0"});
  EXPECT_EQ(second.status, 3);
  EXPECT_TRUE(second.err.contains("another server uses the data directory")) << second.err;
  EXPECT_EQ(api().get("/v1/events").status, 200);
}

TEST_F(restarting, another_master_key_is_refused) {
  EXPECT_EQ(server.terminate(), 0);
  const std::string other = base::to_base64(std::string(32, 'k'));
  const finished_program refused =
      run_posthorn({"serve", "--data", server.data(), "--listen", "127.0.0.1:0"}, {"POSTHORN_MASTER_KEY=" + other});
  EXPECT_EQ(refused.status, 3);
  EXPECT_TRUE(refused.err.contains("master key")) << refused.err;
  server.start();
  EXPECT_EQ(api().get("/v1/events").status, 200);
}

TEST_F(restarting, a_backup_of_the_running_server_opens_as_a_new_one) {
  const std::string endpoint = make_endpoint(receiver.url(), R"(,"description":"kept")");
  const accepted event = send_numbered("user-00001", 1);
  read_until_state(event.deliveries[0], "delivered");

  const temp_directory other;
  const finished_program copied = run_posthorn({"backup", "--data", server.data(), other.path() + "/posthorn.db"});
  ASSERT_EQ(copied.status, 0) << copied.err;
  fs::copy_file(server.data() + "/master.key", other.path() + "/master.key");
  const server_process second({.data = other.path()});
  const api_caller there = second.as(test_env.api_key);
  EXPECT_EQ(there.get("/v1/events/" + event.id).json().at("state").as_string(), "delivered");
  EXPECT_EQ(there.get("/v1/endpoints/" + endpoint).json().at("description").as_string(), "kept");
  EXPECT_EQ(there.post("/v1/events", R"({"type":"a.b","payload":1})").status, 202);
  EXPECT_TRUE(receiver.wait_for_accepted(2));
}

}  // namespace
}  // namespace posthorn::test
