// An HTTP receiver on a loopback port, in this process: one thread, many connections, and answers that a test decides.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "receiver/verifier.hpp"
#include "support/http_call.hpp"

namespace posthorn::test {

struct received_request {
  std::string path;
  http_headers headers;
  std::string body;
  std::chrono::steady_clock::time_point at;  // when it was whole
  int status = 0;                            // answered; 0: dropped or left hanging

  [[nodiscard]] std::string header(std::string_view name) const { return find_header(headers, name); }
  [[nodiscard]] std::string id() const { return header("webhook-id"); }
  [[nodiscard]] std::string type() const { return header("webhook-event-type"); }
};

struct reply {
  enum class how { answer, drop, hang };  // drop: close at once; hang: never answer, until the other side gives up
  int status = 200;
  http_headers headers = {};
  std::string body = R"({"detail":"ok"})";
  how kind = how::answer;

  static reply dropped() { return {.kind = how::drop}; }
  static reply hung() { return {.kind = how::hang}; }
};

// Whether one of `keys` has signed it.
[[nodiscard]] bool is_signed_with(const received_request& request, const std::vector<std::string>& keys);

class receiver_server {
 public:
  // Called on the receiver's thread, one request after the other.
  using handler = std::function<reply(received_request&)>;

  explicit receiver_server(handler on_request);
  receiver_server(const receiver_server&) = delete;
  receiver_server& operator=(const receiver_server&) = delete;
  ~receiver_server();

  [[nodiscard]] std::string url(std::string_view path) const;

 private:
  struct connection {
    std::string in;
    std::string out;
    bool hanging = false;
    bool ends = false;  // to be closed once `out` is sent
  };

  void run();
  void accept_all();
  // False: close it.
  [[nodiscard]] bool serve(int fd, connection& on, short events);
  [[nodiscard]] std::optional<received_request> take_request(connection& from) const;

  handler on_request_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::uint16_t port_ = 0;
  std::map<int, connection> connections_;  // the thread's only
  std::thread thread_;
};

}  // namespace posthorn::test
