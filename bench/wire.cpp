#include "wire.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace posthorn::bench {
namespace {

sockaddr_in to_sockaddr(address where) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_addr.s_addr = where.host;
  out.sin_port = htons(where.port);
  return out;
}

void set_option(int fd, int level, int option) {
  const int on = 1;
  if (::setsockopt(fd, level, option, &on, sizeof on) != 0) fail("setsockopt");
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool starts_with_name(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':') return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (lower(line[i]) != name[i]) return false;
  }
  return true;
}

}  // namespace

void fail(std::string_view what) {
  fmt::print(stderr, "{}: {}\n", what, std::strerror(errno));
  std::exit(2);
}

std::int64_t now_us() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
}

std::optional<target> parse_url(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme)) return std::nullopt;
  url.remove_prefix(scheme.size());
  const auto slash = std::min(url.find('/'), url.size());
  const auto authority = url.substr(0, slash);
  const auto colon = authority.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  target out{{}, std::string(authority), slash == url.size() ? "/" : std::string(url.substr(slash))};
  const auto port = authority.substr(colon + 1);
  const auto parsed = std::from_chars(port.data(), port.data() + port.size(), out.where.port);
  in_addr host{};
  if (parsed.ec != std::errc{} || parsed.ptr != port.data() + port.size() ||
      ::inet_pton(AF_INET, std::string(authority.substr(0, colon)).c_str(), &host) != 1) {
    return std::nullopt;
  }
  out.where.host = host.s_addr;
  return out;
}

int listen_on(address where) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  set_option(fd, SOL_SOCKET, SO_REUSEADDR);
  set_option(fd, SOL_SOCKET, SO_REUSEPORT);
  const auto name = to_sockaddr(where);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) fail("bind");
  if (::listen(fd, SOMAXCONN) != 0) fail("listen");
  return fd;
}

int connect_to(address where) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("socket");
  const auto name = to_sockaddr(where);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) fail("connect");
  set_option(fd, IPPROTO_TCP, TCP_NODELAY);
  return fd;
}

std::string_view header(std::string_view head, std::string_view name) {
  while (!head.empty()) {
    const auto end = head.find("\r\n");
    const auto line = head.substr(0, end);
    if (starts_with_name(line, name)) {
      const auto value = line.find_first_not_of(' ', name.size() + 1);
      return value == std::string_view::npos ? std::string_view{} : line.substr(value);
    }
    if (end == std::string_view::npos) break;
    head.remove_prefix(end + 2);
  }
  return {};
}

std::optional<message> next_message(std::string_view bytes) {
  const auto head_end = bytes.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return std::nullopt;
  const auto line_end = bytes.find("\r\n");
  message out{bytes.substr(0, line_end), {}, {}, head_end + 4};
  if (line_end < head_end) out.head = bytes.substr(line_end + 2, head_end - line_end - 2);
  const auto text = header(out.head, "content-length");
  std::size_t length = 0;
  std::from_chars(text.data(), text.data() + text.size(), length);
  if (bytes.size() - out.size < length) return std::nullopt;
  out.body = bytes.substr(out.size, length);
  out.size += length;
  return out;
}

}  // namespace posthorn::bench
