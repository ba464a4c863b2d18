// Sockets and just enough HTTP/1.1 for two programs that know each other: Content-Length bodies, no chunks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::bench {

// Microseconds of CLOCK_MONOTONIC: comparable between the processes of one machine.
[[nodiscard]] std::int64_t now_us() noexcept;

struct address {
  std::uint32_t host;  // network order
  std::uint16_t port;
};
// "http://127.0.0.1:8080/path" → its address and path; nullopt for anything but a literal IPv4 http URL.
struct target {
  address where;
  std::string host;
  std::string path;
};
[[nodiscard]] std::optional<target> parse_url(std::string_view url);

// Non-blocking sockets. Both end the program with a message if the system refuses.
[[nodiscard]] int listen_on(address where);
[[nodiscard]] int connect_to(address where);

// One message at the start of `bytes`, or nullopt if it is not all there yet.
struct message {
  std::string_view start_line;
  std::string_view head;  // the header lines
  std::string_view body;
  std::size_t size;  // bytes that it takes up
};
[[nodiscard]] std::optional<message> next_message(std::string_view bytes);

// The value of the header `name` (given in lower case), or "" if there is none.
[[nodiscard]] std::string_view header(std::string_view head, std::string_view name);

[[noreturn]] void fail(std::string_view what);

}  // namespace posthorn::bench
