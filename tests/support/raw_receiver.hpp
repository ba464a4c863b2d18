// A receiver that does with its sockets what no HTTP server would: each connection is played by a script on a thread of
// its own. For tests of what a hostile or broken receiver can do to the sender.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace posthorn::test {

class raw_receiver {
 public:
  // Plays one connection, number `number` from 0; the socket is closed after it. It ends soon once the socket fails,
  // which it does when the receiver goes.
  using script = std::function<void(int fd, int number)>;

  explicit raw_receiver(script plays);
  raw_receiver(const raw_receiver&) = delete;
  raw_receiver& operator=(const raw_receiver&) = delete;
  ~raw_receiver();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] int connections() const noexcept { return connections_; }

 private:
  void accept_all();

  const script plays_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  std::vector<int> open_;  // guarded; -1: closed
  std::vector<std::thread> players_;
  std::thread acceptor_;
};

// Listens and never accepts: the kernel completes the handshake, and nobody is there.
class deaf_listener {
 public:
  deaf_listener();
  deaf_listener(const deaf_listener&) = delete;
  deaf_listener& operator=(const deaf_listener&) = delete;
  ~deaf_listener();
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  int fd_ = -1;
  std::uint16_t port_ = 0;
};

// What scripts are made of. All of them return false, or less, once the connection is gone.
[[nodiscard]] std::string read_request(int fd);  // head and body by its Content-Length; "": the connection ended
bool send_text(int fd, std::string_view text);
void wait_for_close(int fd);
void reset(int fd);  // what follows is a reset instead of an orderly end

}  // namespace posthorn::test
