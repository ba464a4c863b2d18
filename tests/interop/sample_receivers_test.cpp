// The documented sample receivers (docs/receiving.md) take our deliveries, and refuse them with one byte changed.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "integration/platform.hpp"
#include "support/child_process.hpp"
#include "support/paths.hpp"

namespace posthorn::test {
namespace {

struct sample {
  const char* name;
  const char* interpreter;
  std::string file;
};

std::ostream& operator<<(std::ostream& to, const sample& which) { return to << which.name; }

// A port of 127.0.0.1 that nobody listened on a moment ago: the samples cannot say which one they were given.
std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  const bool bound = fd >= 0 && ::bind(fd, reinterpret_cast<sockaddr*>(&at), size) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) == 0;
  ::close(fd);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(at.sin_port);
}

class running_sample {
 public:
  running_sample(const sample& which, const std::string& key)
      : port_(free_port()),
        process_({"/bin/sh", "-c", R"(cd "$1" && exec "$2" "$3" "$4")", "sh", inbox_.path(), which.interpreter,
                  which.file, std::to_string(port_)},
                 {.environment = {"POSTHORN_KEYS=" + key}, .err_file = inbox_.path() + "/errors"}) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (post("{}", "").status == 0) {
      if (std::chrono::steady_clock::now() > until) throw std::runtime_error("the sample does not answer");
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }

  [[nodiscard]] http_answer post(const std::string& body, const std::string& signature) const {
    http_connection to(port_);
    return to.call(
        "POST", "/hook",
        {{"X-Signature", signature}, {"webhook-id", "evt_1"}, {"webhook-event-type", "application.complete"}}, body);
  }

 private:
  temp_directory inbox_;
  std::uint16_t port_;
  child_process process_;
};

class sample_receiver : public platform, public testing::WithParamInterface<sample> {};

TEST_P(sample_receiver, takes_our_deliveries_and_refuses_one_changed_byte) {
  const running_sample sample(GetParam(), test_env.api_key);
  make_endpoint(sample.url());
  make_endpoint(receiver.url());
  const accepted event = send(
      R"({"type":"application.complete","uid":"user-00001","details":{"application_started_at":1,"application_completed_at":2}})");
  for (const std::string& delivery : event.deliveries) read_until_state(delivery, "delivered");
  ASSERT_TRUE(receiver.wait_for_accepted(1));
  const received_request same = receiver.requests().front();

  const std::string signature = same.header("X-Signature");
  EXPECT_EQ(sample.post(same.body, signature).status, 200);
  for (const std::size_t place : {std::size_t{0}, same.body.size() / 2, same.body.size() - 1}) {
    std::string changed = same.body;
    changed[place] = static_cast<char>(changed[place] ^ 1);
    EXPECT_EQ(sample.post(changed, signature).status, 403) << "byte " << place;
  }
}

INSTANTIATE_TEST_SUITE_P(each, sample_receiver,
                         testing::Values(sample{"python", "python3", tree_path("examples/receiver_python/receiver.py")},
                                         sample{"node", "node", tree_path("examples/receiver_node/receiver.mjs")}),
                         [](const auto& of) { return std::string(of.param.name); });

}  // namespace
}  // namespace posthorn::test
