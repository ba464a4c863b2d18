#include "support/raw_receiver.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace posthorn::test {
namespace {

std::pair<int, std::uint16_t> listen_on_loopback(int backlog) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  if (fd < 0 || ::bind(fd, reinterpret_cast<sockaddr*>(&at), size) != 0 || ::listen(fd, backlog) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) != 0) {
    throw std::runtime_error("no listener on 127.0.0.1");
  }
  return {fd, ntohs(at.sin_port)};
}

}  // namespace

raw_receiver::raw_receiver(script plays) : plays_(std::move(plays)) {
  std::tie(listener_, port_) = listen_on_loopback(SOMAXCONN);
  acceptor_ = std::thread([this] { accept_all(); });
}

raw_receiver::~raw_receiver() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int fd : open_) {
      if (fd >= 0) ::shutdown(fd, SHUT_RDWR);
    }
  }
  for (std::thread& each : players_) each.join();
  ::close(listener_);
}

void raw_receiver::accept_all() {
  for (;;) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const int number = connections_++;
    {
      const std::lock_guard lock(mutex_);
      open_.push_back(fd);
    }
    players_.emplace_back([this, fd, number] {
      plays_(fd, number);
      const std::lock_guard lock(mutex_);
      open_[static_cast<std::size_t>(number)] = -1;
      ::close(fd);
    });
  }
}

deaf_listener::deaf_listener() { std::tie(fd_, port_) = listen_on_loopback(SOMAXCONN); }
deaf_listener::~deaf_listener() { ::close(fd_); }

std::string read_request(int fd) {
  std::string request;
  std::array<char, 16'384> part;
  for (;;) {
    const std::size_t head = request.find("\r\n\r\n");
    if (head != std::string::npos) {
      const std::size_t length = request.find("Content-Length: ");
      const std::size_t body = length == std::string::npos ? 0 : std::stoul(request.substr(length + 16));
      if (request.size() >= head + 4 + body) return request;
    }
    const ssize_t got = ::recv(fd, part.data(), part.size(), 0);
    if (got <= 0) return {};
    request.append(part.data(), static_cast<std::size_t>(got));
  }
}

bool send_text(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void wait_for_close(int fd) {
  std::array<char, 4'096> dropped;
  while (::recv(fd, dropped.data(), dropped.size(), 0) > 0) {
  }
}

void reset(int fd) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace posthorn::test
