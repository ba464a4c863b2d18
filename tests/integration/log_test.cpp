// Standard error is a pipe that nobody reads, and an endpoint makes a line with every attempt: nobody else notices.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <csignal>
#include <memory>
#include <string>

#include "support/scripted_receiver.hpp"
#include "support/server_process.hpp"

namespace posthorn::test {
namespace {

namespace json = boost::json;

class unread_log : public testing::Test {
 protected:
  static constexpr int batches = 8;
  static constexpr int lines_per_batch = 1'000;  // with at least 300 bytes each: more than the pipe and the queue take

  void SetUp() override {
    std::vector<std::string> command{posthorn_program(),
                                     "serve",
                                     "--data",
                                     directory_.path() + "/data",
                                     "--listen",
                                     "127.0.0.1:0",
                                     "--ops-listen",
                                     "127.0.0.1:0",
                                     "--threads",
                                     "2",
                                     "--allow-http-endpoints",
                                     "--allow-private-endpoints"};
    server_ = std::make_unique<child_process>(
        std::move(command),
        child_options{.environment = {"POSTHORN_ADMIN_TOKEN=" + std::string(admin_token)}, .err_file = {}});
    while (const auto line = server_->out_line()) {
      if (line->find(" serves the API on ") != std::string::npos) port_ = port_in(*line);
      if (line->starts_with("Health and metrics on ")) ops_port_ = port_in(*line);
      if (line->starts_with("Data in ")) break;
    }
    ASSERT_NE(port_, 0);
    ASSERT_NE(ops_port_, 0);
    const http_answer made = admin().post("/v1/deployments", R"({"name":"loans","preset":"standard"})");
    ASSERT_EQ(made.status, 201) << made.body;
    key_ = made.json().at("environments").at("test").at("api_key").as_string();
    receiver_.answer_with([](const received_request&, int) { return reply{.status = 500}; });
    const std::string endpoint = R"({"url":")" + receiver_.url() +
                                 R"(","order":"none","in_flight_max":64,"health":{"failures_min":10000},)" +
                                 R"("retry":{"schedule_s":[0,3600]}})";
    ASSERT_EQ(api().post("/v1/endpoints", endpoint).status, 201);
  }

  static std::uint16_t port_in(const std::string& line) {
    constexpr std::string_view address = "://127.0.0.1:";
    return static_cast<std::uint16_t>(std::stoi(line.substr(line.find(address) + address.size())));
  }

  api_caller admin() const { return {port_, std::string(admin_token)}; }
  api_caller api() const { return {port_, key_}; }

  void send_what_fails() const {
    std::string lines;
    for (int i = 0; i < lines_per_batch; ++i)
      lines += R"({"type":"test.failing","payload":{}})"
               "\n";
    for (int batch = 0; batch < batches; ++batch) {
      const http_answer answer = api().post_batch(lines);
      ASSERT_EQ(answer.status, 202) << "batch " << batch << ": " << answer.body;
    }
  }

  void wait_for_attempts() {
    const auto all_made = [](const scripted_receiver::log& all) { return all.size() >= batches * lines_per_batch; };
    ASSERT_TRUE(receiver_.wait_for(all_made, std::chrono::seconds(120)))
        << "attempts have stopped at " << receiver_.requests().size();
  }

  std::uint64_t reading(const std::string& name) const {
    const std::string text = api_caller(ops_port_, "").get("/metrics").body;
    const std::size_t at = text.find("\n" + name + " ");
    return at == std::string::npos ? 0 : static_cast<std::uint64_t>(std::stod(text.substr(at + name.size() + 2)));
  }

  temp_directory directory_;
  scripted_receiver receiver_;
  std::unique_ptr<child_process> server_;
  std::uint16_t port_ = 0, ops_port_ = 0;
  std::string key_;
};

TEST_F(unread_log, stops_neither_the_server_nor_its_end) {
  send_what_fails();
  wait_for_attempts();
  EXPECT_EQ(admin().get("/healthz").status, 200);
  EXPECT_EQ(admin().get("/readyz").status, 200);
  EXPECT_EQ(api().post("/v1/events", R"({"type":"test.later","payload":{}})").status, 202);
  EXPECT_GT(reading("posthorn_log_lines_dropped_total"), 0U);
  EXPECT_EQ(server_->stop(SIGTERM), 0);
}

TEST_F(unread_log, says_what_is_missing_once_it_is_read) {
  send_what_fails();
  wait_for_attempts();
  std::uint64_t missing = 0;
  std::uint64_t attempts = 0;
  while (attempts + missing < batches * lines_per_batch) {
    const auto line = server_->err_line();
    ASSERT_TRUE(line) << attempts << " attempts and " << missing << " lines missing";
    const json::object one = json::parse(*line).as_object();
    if (one.at("event").as_string() == "attempt") ++attempts;
    if (one.at("event").as_string() == "log_lines_dropped")
      missing += static_cast<std::uint64_t>(one.at("lines").as_int64());
  }
  EXPECT_GT(missing, 0U);
  EXPECT_EQ(reading("posthorn_log_lines_dropped_total"), missing);
  EXPECT_EQ(server_->stop(SIGTERM), 0);
}

}  // namespace
}  // namespace posthorn::test
