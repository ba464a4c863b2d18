#include "support/http_call.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <cerrno>
#include <charconv>

namespace posthorn::test {
namespace {

constexpr timeval answer_timeout = {30, 0};

http_answer parse_head(std::string_view head) {
  http_answer out;
  if (!head.starts_with("HTTP/1.") || head.size() < 12) return out;
  std::from_chars(head.data() + 9, head.data() + 12, out.status);
  std::size_t line = head.find("\r\n");
  while (line != std::string_view::npos && line + 2 < head.size()) {
    const std::size_t start = line + 2;
    line = head.find("\r\n", start);
    const std::string_view field = head.substr(start, line == std::string_view::npos ? line : line - start);
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos) continue;
    std::string_view value = field.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    out.headers.emplace_back(field.substr(0, colon), value);
  }
  return out;
}

}  // namespace

std::string find_header(const http_headers& in, std::string_view name) {
  for (const auto& [known, value] : in) {
    if (known.size() == name.size() && strncasecmp(known.data(), name.data(), name.size()) == 0) return value;
  }
  return {};
}

std::string http_answer::header(std::string_view name) const { return find_header(headers, name); }

boost::json::value http_answer::json() const { return boost::json::parse(body); }

http_answer http_connection::call(std::string_view method, std::string_view target, const http_headers& headers,
                                  std::string_view body) {
  std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
  if (!body.empty() || method == "POST") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  text += "\r\n";
  text += body;
  return exchange(text);
}

http_answer http_connection::exchange(std::string_view bytes, bool then_end) {
  if (fd_ < 0 && !open()) return {};
  // A server that refuses early may close while the rest is being sent; its answer is still there to be read.
  (void)send(bytes);
  if (then_end) ::shutdown(fd_, SHUT_WR);
  http_answer answer = read_answer();
  if (answer.status == 0 || answer.header("Connection") == "close") close();
  return answer;
}

void http_connection::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  in_.clear();
}

bool http_connection::open() {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return false;
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &answer_timeout, sizeof answer_timeout);
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &answer_timeout, sizeof answer_timeout);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port_);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0) return true;
  close();
  return false;
}

bool http_connection::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool http_connection::receive() {
  char bytes[16384];
  for (;;) {
    const ssize_t count = ::recv(fd_, bytes, sizeof bytes, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    in_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }
}

http_answer http_connection::read_answer() {
  for (;;) {
    std::size_t end = in_.find("\r\n\r\n");
    while (end == std::string::npos) {
      if (!receive()) return {};
      end = in_.find("\r\n\r\n");
    }
    http_answer answer = parse_head(std::string_view(in_).substr(0, end));
    in_.erase(0, end + 4);
    if (answer.status >= 100 && answer.status < 200) continue;
    const std::string length = answer.header("Content-Length");
    const std::size_t body_bytes = length.empty() ? 0 : std::stoul(length);
    while (in_.size() < body_bytes) {
      if (!receive()) return {};
    }
    answer.body = in_.substr(0, body_bytes);
    in_.erase(0, body_bytes);
    return answer;
  }
}

http_answer api_caller::get(std::string_view target) const { return call("GET", target, {}, {}, {}); }

http_answer api_caller::post(std::string_view target, std::string_view body, http_headers more) const {
  return call("POST", target, body.empty() ? "" : "application/json", body, std::move(more));
}

http_answer api_caller::put(std::string_view target, std::string_view body) const {
  return call("PUT", target, "application/json", body, {});
}

http_answer api_caller::patch(std::string_view target, std::string_view body) const {
  return call("PATCH", target, "application/json", body, {});
}

http_answer api_caller::remove(std::string_view target) const { return call("DELETE", target, {}, {}, {}); }

http_answer api_caller::post_batch(std::string_view lines, http_headers more) const {
  return call("POST", "/v1/events/batch", "application/x-ndjson", lines, std::move(more));
}

http_answer api_caller::call(std::string_view method, std::string_view target, std::string_view type,
                             std::string_view body, http_headers headers) const {
  if (!bearer_.empty()) headers.emplace_back("Authorization", "Bearer " + bearer_);
  if (!type.empty()) headers.emplace_back("Content-Type", type);
  headers.emplace_back("Connection", "close");
  http_connection connection(port_);
  return connection.call(method, target, headers, body);
}

}  // namespace posthorn::test
