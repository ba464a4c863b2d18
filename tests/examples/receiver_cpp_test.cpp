// The example receiver as a process: what docs/receiving.md promises of it.
#include <gtest/gtest.h>

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "signing/x_signature.hpp"
#include "support/child_process.hpp"
#include "support/paths.hpp"

namespace posthorn::test {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

std::string load(const std::string& type) {
  std::ifstream file(vector_path("events/" + type + ".json"));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

class running_receiver {
 public:
  explicit running_receiver(std::vector<std::string> options) : process_(command(std::move(options))) {
    const auto first = process_.out_line();
    if (!first) throw std::runtime_error("the receiver printed nothing");
    const boost::json::value line = boost::json::parse(*first);
    const std::string address(line.at("listening").as_string());
    port_ = static_cast<unsigned short>(std::stoi(address.substr(address.rfind(':') + 1)));
  }

  // The status, or 0 if the connection was closed without an answer. Signs with `key`; an empty one does not sign.
  unsigned post(const std::string& type, const std::string& body, const std::string& key, const std::string& id) {
    http::request<http::string_body> request(http::verb::post, "/hook", 11);
    request.set("webhook-event-type", type);
    request.set("webhook-id", id);
    if (!key.empty()) {
      std::string signature;
      signing::x_signature_key(key).append(signature, body);
      request.set("X-Signature", signature);
    }
    request.body() = body;
    return exchange(request).first;
  }

  boost::json::array received() {
    http::request<http::string_body> request(http::verb::get, "/received", 11);
    return boost::json::parse(exchange(request).second).as_array();
  }

  // The status, or 0 without an answer, and the answer's body.
  std::pair<unsigned, std::string> exchange(http::request<http::string_body>& request) {
    request.set(http::field::host, "127.0.0.1");
    request.prepare_payload();
    asio::io_context io;
    tcp::socket socket = connect(io);
    http::write(socket, request);
    return read_answer(socket);
  }

  unsigned status_of(std::string_view raw_request) {
    asio::io_context io;
    tcp::socket socket = connect(io);
    asio::write(socket, asio::buffer(raw_request));
    return read_answer(socket).first;
  }

  child_process& process() { return process_; }

 private:
  static std::vector<std::string> command(std::vector<std::string> options) {
    options.insert(options.begin(), {EXAMPLE_RECEIVER, "--listen", "127.0.0.1:0"});
    return options;
  }

  tcp::socket connect(asio::io_context& io) const {
    tcp::socket socket(io);
    socket.connect({asio::ip::make_address("127.0.0.1"), port_});
    return socket;
  }

  static std::pair<unsigned, std::string> read_answer(tcp::socket& socket) {
    boost::beast::flat_buffer buffer;
    http::response<http::string_body> response;
    boost::system::error_code code;
    http::read(socket, buffer, response, code);
    if (code) return {0, ""};
    return {response.result_int(), response.body()};
  }

  child_process process_;
  unsigned short port_ = 0;
};

void expect_line(const boost::json::value& line, std::string_view type, bool verified, bool duplicate, int status,
                 int try_no) {
  EXPECT_EQ(line.at("type").as_string(), type) << line;
  EXPECT_EQ(line.at("verified").as_bool(), verified) << line;
  EXPECT_EQ(line.at("duplicate").as_bool(), duplicate) << line;
  EXPECT_EQ(line.at("status").as_int64(), status) << line;
  EXPECT_EQ(line.at("try").as_int64(), try_no) << line;
}

TEST(example_receiver, verifies_records_and_knows_duplicates) {
  running_receiver receiver({"--key", "ph_test_old", "--key", "ph_test_new"});
  const std::string body = load("application.complete");
  EXPECT_EQ(receiver.post("application.complete", body, "ph_test_old", "evt_1"), 200u);
  EXPECT_EQ(receiver.post("application.complete", body, "ph_test_new", "evt_1"), 200u);
  EXPECT_EQ(receiver.post("application.complete", body, "ph_test_new", "evt_2"), 200u);
  EXPECT_EQ(receiver.post("certificate_expired", load("certificate_expired"), "ph_test_new", "evt_3"), 200u);
  EXPECT_EQ(receiver.post("application.complete", body, "ph_test_other", "evt_4"), 403u);
  EXPECT_EQ(receiver.post("application.complete", body, "", "evt_4"), 403u);
  EXPECT_EQ(receiver.post("new.type", "[1", "ph_test_new", "evt_5"), 200u);

  const boost::json::array lines = receiver.received();
  ASSERT_EQ(lines.size(), 7u);
  expect_line(lines[0], "application.complete", true, false, 200, 1);
  EXPECT_EQ(lines[0].at("uid").as_string(), "1234QWER-TYUI4567-ASDFD890");
  EXPECT_EQ(lines[0].at("webhook_id").as_string(), "evt_1");
  expect_line(lines[1], "application.complete", true, true, 200, 2);
  expect_line(lines[2], "application.complete", true, true, 200, 1);
  expect_line(lines[3], "certificate_expired", true, false, 200, 1);
  expect_line(lines[4], "application.complete", false, false, 403, 1);
  expect_line(lines[5], "application.complete", false, false, 403, 2);
  expect_line(lines[6], "new.type", true, false, 200, 1);
  for (const auto& line : lines) EXPECT_EQ(receiver.process().out_line(), boost::json::serialize(line));
  EXPECT_EQ(receiver.process().stop(SIGTERM), 0);
}

TEST(example_receiver, refuses_and_drops_the_first_tries_of_a_type) {
  running_receiver receiver({"--key", "k", "--refuse", "application.expired:2", "--drop", "ios_score.complete:1"});
  const auto send = [&](const std::string& type, const std::string& id) {
    return receiver.post(type, load(type), "k", id);
  };
  EXPECT_EQ(send("application.expired", "evt_1"), 503u);
  EXPECT_EQ(send("application.complete", "evt_2"), 200u);
  EXPECT_EQ(send("application.expired", "evt_1"), 503u);
  EXPECT_EQ(send("application.expired", "evt_1"), 200u);
  EXPECT_EQ(send("ios_score.complete", "evt_3"), 0u);
  EXPECT_EQ(send("ios_score.complete", "evt_3"), 200u);

  const boost::json::array lines = receiver.received();
  ASSERT_EQ(lines.size(), 6u);
  expect_line(lines[0], "application.expired", true, false, 503, 1);
  expect_line(lines[2], "application.expired", true, false, 503, 2);
  expect_line(lines[3], "application.expired", true, false, 200, 3);
  expect_line(lines[4], "ios_score.complete", true, false, 0, 1);
  expect_line(lines[5], "ios_score.complete", true, false, 200, 2);
}

TEST(example_receiver, reads_its_keys_again_on_hangup) {
  const std::string file = testing::TempDir() + "example_receiver_keys." + std::to_string(getpid());
  std::ofstream(file) << "# first\n\nph_test_one\n";
  running_receiver receiver({"--key-file", file});
  const std::string body = load("application.complete");
  EXPECT_EQ(receiver.post("application.complete", body, "ph_test_one", "evt_1"), 200u);

  std::ofstream(file) << "ph_test_two\n";
  receiver.process().signal(SIGHUP);
  EXPECT_EQ(receiver.process().err_line(), "keys read again");
  EXPECT_EQ(receiver.post("application.complete", body, "ph_test_one", "evt_1"), 403u);
  EXPECT_EQ(receiver.post("application.complete", body, "ph_test_two", "evt_1"), 200u);
  ASSERT_TRUE(receiver.process().err_line().has_value());  // why evt_1 was refused

  std::ofstream(file) << "whsec_malformed\n";
  receiver.process().signal(SIGHUP);
  const auto complaint = receiver.process().err_line();
  ASSERT_TRUE(complaint.has_value());
  EXPECT_TRUE(complaint->starts_with("keys unchanged: ")) << *complaint;
  EXPECT_FALSE(complaint->contains("whsec_malformed"));
  EXPECT_EQ(receiver.post("application.complete", body, "ph_test_two", "evt_1"), 200u);
  std::filesystem::remove(file);
}

TEST(example_receiver, answers_what_is_no_webhook) {
  running_receiver receiver({"--key", "k"});
  http::request<http::string_body> put(http::verb::put, "/hook", 11);
  EXPECT_EQ(receiver.exchange(put).first, 405u);
  // The length alone is refused: nothing of such a body is sent, so no reset can swallow the answer.
  EXPECT_EQ(receiver.status_of("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5242880\r\n\r\n"), 413u);
  EXPECT_EQ(receiver.status_of("nonsense\r\n\r\n"), 400u);
  EXPECT_EQ(receiver.post("application.complete", load("application.complete"), "k", "evt_1"), 200u);
}

TEST(example_receiver, starts_with_usable_options_only) {
  const std::vector<std::string> bad[] = {{},
                                          {"--key", "whsec_short"},
                                          {"--key-file", "/nonexistent/keys"},
                                          {"--key", "k", "--refuse", "application.expired"},
                                          {"--key", "k", "--drop", "application.expired:x"},
                                          {"--key", "k", "--drop", ":1"},
                                          {"--key", "k", "--unknown"}};
  for (std::vector<std::string> options : bad) {
    options.insert(options.begin(), {EXAMPLE_RECEIVER, "--listen", "127.0.0.1:0"});
    child_process process(options);
    EXPECT_NE(process.wait(), 0) << options.back();
  }
}

}  // namespace
}  // namespace posthorn::test
