#include "support/receiver_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace posthorn::test {
namespace {

std::string to_text(const reply& from) {
  std::string text = "HTTP/1.1 " + std::to_string(from.status) + " Told\r\n";
  for (const auto& [name, value] : from.headers) text += name + ": " + value + "\r\n";
  if (from.status == 204 || from.status == 304) return text + "\r\n";
  return text + "Content-Length: " + std::to_string(from.body.size()) + "\r\n\r\n" + from.body;
}

http_headers parse_fields(std::string_view text) {
  http_headers out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\r\n"), text.size());
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(std::min(end + 2, text.size()));
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos) continue;
    std::string_view value = field.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    out.emplace_back(field.substr(0, colon), value);
  }
  return out;
}

}  // namespace

bool is_signed_with(const received_request& request, const std::vector<std::string>& keys) {
  receiver::verifier verifier;
  for (const std::string& key : keys) {
    if (!verifier.add_key(key)) return false;
  }
  const std::string x_signature = request.header("X-Signature");
  const std::string signature = request.header("webhook-signature");
  const std::string id = request.id();
  const std::string timestamp = request.header("webhook-timestamp");
  const auto given = [](const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
  };
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return verifier
      .verify({given(x_signature), given(signature), given(id), given(timestamp)}, request.body,
              std::chrono::duration_cast<std::chrono::seconds>(now).count())
      .has_value();
}

receiver_server::receiver_server(handler on_request) : on_request_(std::move(on_request)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* address = reinterpret_cast<sockaddr*>(&at);
  if (listener_ < 0 || ::bind(listener_, address, size) != 0 || ::listen(listener_, 512) != 0 ||
      ::getsockname(listener_, address, &size) != 0 || ::pipe2(wake_, O_CLOEXEC) != 0) {
    throw std::runtime_error("the receiver cannot listen");
  }
  port_ = ntohs(at.sin_port);
  thread_ = std::thread([this] { run(); });
}

receiver_server::~receiver_server() {
  (void)!::write(wake_[1], "", 1);
  thread_.join();
  for (const auto& [fd, on] : connections_) ::close(fd);
  for (const int fd : {listener_, wake_[0], wake_[1]}) ::close(fd);
}

std::string receiver_server::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

void receiver_server::run() {
  std::vector<pollfd> wanted;
  for (;;) {
    wanted = {{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const auto& [fd, on] : connections_) {
      wanted.push_back({fd, static_cast<short>(on.out.empty() ? POLLIN : POLLIN | POLLOUT), 0});
    }
    if (::poll(wanted.data(), wanted.size(), -1) < 0) continue;
    if (wanted[0].revents != 0) return;
    for (std::size_t i = 2; i < wanted.size(); ++i) {
      if (wanted[i].revents == 0) continue;
      const int fd = wanted[i].fd;
      if (!serve(fd, connections_[fd], wanted[i].revents)) {
        ::close(fd);
        connections_.erase(fd);
      }
    }
    if (wanted[1].revents != 0) accept_all();
  }
}

void receiver_server::accept_all() {
  for (;;) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return;
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connections_[fd] = {};
  }
}

bool receiver_server::serve(int fd, connection& on, short events) {
  if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) {
    char bytes[65536];
    const ssize_t count = ::recv(fd, bytes, sizeof bytes, 0);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) return false;
    if (count > 0) on.in.append(bytes, static_cast<std::size_t>(count));
  }
  while (!on.hanging && !on.ends) {
    std::optional<received_request> request = take_request(on);
    if (!request) break;
    const reply answer = on_request_(*request);
    if (answer.kind == reply::how::drop) return false;
    on.hanging = answer.kind == reply::how::hang;
    if (!on.hanging) on.out += to_text(answer);
    on.ends = find_header(answer.headers, "Connection") == "close";
  }
  if (!on.out.empty()) {
    const ssize_t sent = ::send(fd, on.out.data(), on.out.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return false;
    if (sent > 0) on.out.erase(0, static_cast<std::size_t>(sent));
  }
  return !(on.ends && on.out.empty());
}

std::optional<received_request> receiver_server::take_request(connection& from) const {
  const std::size_t end = from.in.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  const std::string_view head = std::string_view(from.in).substr(0, end);
  const std::size_t line = std::min(head.find("\r\n"), head.size());
  received_request out;
  out.headers = parse_fields(head.substr(std::min(line + 2, head.size())));
  const std::string length = out.header("Content-Length");
  const std::size_t body_bytes = length.empty() ? 0 : std::stoul(length);
  if (from.in.size() < end + 4 + body_bytes) return std::nullopt;
  const std::size_t path = head.find(' ') + 1;
  out.path = head.substr(path, head.find(' ', path) - path);
  out.body = from.in.substr(end + 4, body_bytes);
  out.at = std::chrono::steady_clock::now();
  from.in.erase(0, end + 4 + body_bytes);
  return out;
}

}  // namespace posthorn::test
