// kill -9 at random moments under load: whatever was answered 202 arrives, signed, whole, in order, and comes a second
// time only where a kill kept its outcome from being recorded. POSTHORN_CRASH_SEED repeats a run, as far as the
// machine's own timing allows; POSTHORN_CRASH_ROUNDS makes it longer.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <memory>
#include <random>

#include "crash/producer.hpp"
#include "support/server_process.hpp"

namespace posthorn::test {
namespace {

constexpr int producers = 4;

unsigned number_from(const char* variable, unsigned otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : static_cast<unsigned>(std::stoul(text));
}

std::string key_of_new_deployment(const server_process& server) {
  const http_answer made = server.admin().post("/v1/deployments", R"({"name":"crash","preset":"assessment"})");
  EXPECT_EQ(made.status, 201) << made.body;
  const boost::json::value whole = made.json();
  return std::string(whole.at("environments").at("production").at("api_key").as_string());
}

void make_endpoint(const api_caller& api, const std::string& url, const std::string& settings) {
  const http_answer made = api.post(
      "/v1/endpoints",
      R"({"url":")" + url + R"(","timeout_ms":30000,"retry":{"schedule_s":[0,0,1,1,1,1,1,1,1,1]})" + settings + "}");
  EXPECT_EQ(made.status, 201) << made.body;
}

// How many deliveries the server itself lists in `state`, up to a page.
std::size_t count_in_state(const api_caller& api, const std::string& state) {
  const http_answer page = api.get("/v1/deliveries?state=" + state);
  EXPECT_EQ(page.status, 200) << page.body;
  return page.json().at("data").as_array().size();
}

void expect_nothing_left(const api_caller& api) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  for (const std::string state : {"pending", "retrying", "parked", "failed"}) {
    std::size_t left = count_in_state(api, state);
    while (left > 0 && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      left = count_in_state(api, state);
    }
    EXPECT_EQ(left, 0u) << state;
  }
}

std::string first_of(const std::vector<std::string>& list) {
  std::string text = std::to_string(list.size()) + " in all";
  for (std::size_t i = 0; i < std::min<std::size_t>(list.size(), 5); ++i) text += "\n  " + list[i];
  return text;
}

TEST(kill, loses_nothing_and_repeats_only_what_could_not_be_recorded) {
  const unsigned seed = number_from("POSTHORN_CRASH_SEED", std::random_device{}());
  const unsigned rounds = number_from("POSTHORN_CRASH_ROUNDS", 32);
  std::printf("POSTHORN_CRASH_SEED=%u\n", seed);
  std::mt19937 random(seed);

  server_process server({.flags = {"--log-level", "warn"}});
  const std::string key = key_of_new_deployment(server);
  tally book(key, static_cast<unsigned>(random()));
  const receiver_server receiver([&book](received_request& request) { return book.take(request); });
  make_endpoint(server.as(key), receiver.url("/ordered"), "");
  make_endpoint(server.as(key), receiver.url("/free"), R"(,"order":"none","success":"2xx")");
  make_endpoint(server.as(key), receiver.url("/batches"), R"(,"event_types":["crash.batch"],"in_flight_max":4)");

  std::vector<std::unique_ptr<producer>> all;
  for (int i = 0; i < producers; ++i) {
    all.push_back(std::make_unique<producer>(server.port(), key, i, static_cast<unsigned>(random())));
  }
  for (unsigned round = 1; round <= rounds; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % (round % 4 == 0 ? 40 : 1'200)));
    server.kill();
    book.note_kill();
    if (round % 3 == 0) {
      // Recovery itself is cut short, too.
      server.start_and_kill(std::chrono::milliseconds(random() % 60));
      book.note_kill();
    }
    server.start();
    if (round % 5 == 0) {
      std::printf("round %u: %zu arrivals, %zu of them again\n", round, book.arrivals(), book.duplicates());
      std::fflush(stdout);
    }
  }

  std::vector<accepted_event> accepted;
  std::size_t unanswered = 0;
  for (const auto& each : all) {
    each->stop();
    EXPECT_TRUE(each->surprises().empty()) << first_of(each->surprises());
    accepted.insert(accepted.end(), each->accepted().begin(), each->accepted().end());
    unanswered += each->unanswered();
  }
  const std::vector<std::string> missing = book.wait_for_all(accepted, std::chrono::seconds(60));
  EXPECT_TRUE(missing.empty()) << "never arrived: " << first_of(missing);
  EXPECT_GE(accepted.size(), 20u * rounds) << "too little load to prove anything";
  expect_nothing_left(server.as(key));
  EXPECT_EQ(server.terminate(), 0);

  const std::vector<std::string> mismatches = book.mismatches(accepted);
  EXPECT_TRUE(mismatches.empty()) << "arrived with other bytes: " << first_of(mismatches);
  const std::vector<std::string> wrongs = book.wrongs();
  EXPECT_TRUE(wrongs.empty()) << first_of(wrongs);
  std::printf("%zu events accepted, %zu without an answer, %zu arrivals, %zu again around %u kills\n", accepted.size(),
              unanswered, book.arrivals(), book.duplicates(), rounds);
  if (testing::Test::HasFailure()) std::printf("%s\n", server.log().c_str());
}

}  // namespace
}  // namespace posthorn::test
